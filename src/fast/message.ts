/** DE48, a nested object: nothing is in it so far. */
type NoElements = Readonly<Record<string, never>>

export interface FastMessageType {
  readonly Message_Type: string
  readonly Message_Desc: string
}

/** Amounts are major units, times `dd-MM-yyyy HH:mm:ss` in UTC. */
export interface FastSummary {
  /** Names the thread: all messages about one payment have it. */
  readonly TID: string
  /** Names the message. */
  readonly RID: string
  /** The message that this one is about. */
  readonly original_RID?: string
  readonly PID: string
  readonly Client_Id: string
  readonly Transaction_Date_Time: string
  /** `PPWR` for a message of the processor's own. */
  readonly Network: string
  readonly Spend_Type: string
  readonly Spend_Location: string
  readonly Transaction_Amount: string
  /** ISO 4217, alphabetic. */
  readonly Transaction_Currency: string
  readonly Billing_Amount: string
  readonly Billing_Currency: string
  readonly Card_Use_Type: string
  readonly Customer_Validation: string
  /** `00`, or the code of a decline. */
  readonly Processor_Decision_Code: string
  readonly Processor_Reason_Code: string
  readonly Processor_Decision_Desc: string
  readonly Merchant_Category: string
  readonly Account_Id: string
  /** The account's external reference, or nothing. */
  readonly Customer_Ac: string
  readonly Total_Fee_Bill: string
}

/** What the processor has checked itself. */
export interface FastValidations {
  readonly Pan_Check: string
  readonly Pin_Check: string
  readonly Expiry_Check: string
  readonly Track_Check: string
  readonly CVV_Type: string
  readonly CVV_Check: string
  readonly ARQC_Check: string
  readonly '3DS_Check': string
  readonly Test_Matrix: string
  readonly Test_Results: string
  readonly Rules_Checked: string
  readonly Rules_Triggered: string
  readonly Rules_Decision: string
}

/** Data elements of ISO 8583:1987. Amounts are minor units in twelve digits. */
export interface FastIsoMessage {
  /** The token, in place of the card's number. */
  readonly DE2: string
  readonly DE3_1: string
  readonly DE3_2: string
  readonly DE3_3: string
  readonly DE4: string
  readonly DE5: string
  readonly DE6: string
  readonly DE7: string
  readonly DE10: string
  readonly DE11: string
  readonly DE12: string
  readonly DE13: string
  /** The card's expiry, YYMM, where it is known. */
  readonly DE14?: string
  readonly DE15: string
  readonly DE18: string
  readonly DE22_1: string
  readonly DE37: string
  /** Not in a request. */
  readonly DE39?: string
  readonly DE41: string
  readonly DE42: string
  readonly DE43: string
  readonly DE48: NoElements
  readonly DE49: string
  readonly DE51: string
  /** Why a reversal is sent. */
  readonly DE60_1?: string
  /** `4` for a pre-authorisation. */
  readonly DE61_7?: string
}

export interface FastRule {
  readonly Rule_Id: string
  readonly Rule_Name: string
  readonly Action: 'STIP'
  readonly Triggered: 'true' | 'false'
}

/** A FAST message. The published schema requires these five members and forbids others (Paymentology). */
export interface FastMessage {
  readonly MESSAGE_TYPE: FastMessageType
  readonly SUMMARY: FastSummary
  readonly PROCESSOR_VALIDATIONS: FastValidations
  readonly ISO_MSG: FastIsoMessage
  readonly RULES: readonly FastRule[]
}
