import { Type, type Static } from '@sinclair/typebox'
import { DryRunQuery } from '../dry-run.js'

export const BalanceFileQuery = Type.Object({
  client_id: Type.String({ pattern: '^[1-9][0-9]{0,9}$', description: 'The client whose file it is. The file itself does not say.', examples: ['123'] }),
  file_name: Type.String({ minLength: 1, maxLength: 255, description: 'Comes back as `File_Name`, and stands in the history.', examples: ['balance_update_18082024_2.csv'] }),
  ...DryRunQuery.properties
}, { additionalProperties: false })

export const BalanceFileParameters = Type.Object({
  job_id: Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'The `Job_Id` of the file\'s administrative message.', examples: ['456'] })
})

/** The administrative message, type 0600 (Paymentology). */
export const AdministrativeMessage = Type.Object({
  MESSAGE_TYPE: Type.Object({
    Message_Type: Type.Literal('0600'),
    Message_Desc: Type.Literal('Administrative Message')
  }),
  SUMMARY: Type.Object({
    Client_Id: Type.Integer(),
    Job_Id: Type.Integer(),
    File_Name: Type.String(),
    File_Date_Time: Type.String({ description: 'When the file came in: dd-MM-yyyy HH:mm:ss, UTC.' }),
    Processing_Time_Secs: Type.Number(),
    Total_Records: Type.Integer(),
    Passed_Records: Type.Integer({ description: 'Carried out now, or by an earlier file with the same record.' }),
    Failed_Records: Type.Integer(),
    Status: Type.Unsafe<'Success' | 'Partial Success' | 'Failure'>({ type: 'string', enum: ['Success', 'Partial Success', 'Failure'] }),
    Status_Description: Type.String({ description: 'The first failed records with their reasons, separated by `; `. The feedback file has all of them.' })
  })
}, {
  title: 'AdministrativeMessage',
  description: 'How the file went: the administrative message of the processor, with the published fields.',
  examples: [{
    MESSAGE_TYPE: { Message_Type: '0600', Message_Desc: 'Administrative Message' },
    SUMMARY: {
      Client_Id: 123,
      Job_Id: 456,
      File_Name: 'balance_update_18082024_2.csv',
      File_Date_Time: '18-08-2024 13:47:21',
      Processing_Time_Secs: 0.091,
      Total_Records: 3,
      Passed_Records: 2,
      Failed_Records: 1,
      Status: 'Partial Success',
      Status_Description: 'Account: 987654321, Reason: Account does not exist'
    }
  }]
})
export type AdministrativeMessage = Static<typeof AdministrativeMessage>
