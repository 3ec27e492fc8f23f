/** A row of a file of the model: names its account by one number, of an account or of a token. */
export interface ModelRow {
  readonly record: string
  readonly number: number
  readonly actual: number
}

/** One run of a file. */
export interface ModelRun {
  readonly file: string
  readonly byToken: boolean
  readonly rows: readonly ModelRow[]
  readonly dryRun: boolean
}

/** What the model says of a row. */
export type ModelOutcome = 'set' | 'repeated' | 'failed'

interface ModelAccount {
  /** Another object for each account, so that one under the number of a deleted account is another one. */
  actual: number
  /** What each file has set it to. */
  readonly setTo: Map<string, number>
  /** Which records have set it. */
  readonly setBy: Set<string>
}

/**
 * A second telling of the rules of balance files, with objects for accounts: nothing in it has a number that could be
 * taken for another account's. All accounts have one currency.
 */
export class FileModel {
  readonly accounts = new Map<number, ModelAccount>()
  readonly tokens = new Map<number, ModelAccount>()
  /** The file and the content of each record that was applied. */
  readonly #applied = new Map<string, string>()

  create (number: number): void {
    this.accounts.set(number, { actual: 0, setTo: new Map(), setBy: new Set() })
  }

  delete (number: number): void {
    const account = this.accounts.get(number)
    this.accounts.delete(number)
    for (const [token, holder] of this.tokens) if (holder === account) this.tokens.delete(token)
  }

  run ({ file, byToken, rows, dryRun }: ModelRun): ModelOutcome[] {
    const seen = new Set<string>()
    const rehearsed = new Map<ModelAccount, number>()
    return rows.map(({ record, number, actual }) => {
      const meaning = [file, byToken, number, actual].join()
      const account = (byToken ? this.tokens : this.accounts).get(number)
      if (seen.has(record)) return 'failed'
      seen.add(record)
      const applied = this.#applied.get(record)
      if (applied !== undefined && applied !== meaning) return 'failed'
      if (account === undefined) return 'failed'
      if (account.setBy.has(record)) return 'repeated'
      const setTo = account.setTo.get(file) ?? rehearsed.get(account)
      if (setTo !== undefined && setTo !== actual) return 'failed'
      if (dryRun) rehearsed.set(account, actual)
      else {
        account.actual = actual
        account.setTo.set(file, actual)
        account.setBy.add(record)
        this.#applied.set(record, meaning)
      }
      return 'set'
    })
  }
}
