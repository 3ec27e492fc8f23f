import { readAnswer, type JournalledDialect } from '../../http/journal-entry.js'

/** What communication numbers and references have at most (AMLYZE). */
const TEXT_LENGTH = 255

/** The parts of the dialect's answers that tell what was wrong. */
interface Answer {
  readonly resultType?: string
  readonly errorCode?: string
  readonly errorDescription?: string
  readonly error?: string | { readonly code: string }
  readonly results?: readonly Answer[]
}

/** How the journal reads AMLYZE's calls. */
export const amlyzeJournal: JournalledDialect = {
  name: 'amlyze',
  prefix: '/amlyze-ws-rest',
  describeBody: (body) => {
    const { accountBalances: list, communicationNumber } = Object(body) as Record<string, unknown>
    const items = Array.isArray(list) ? list as unknown[] : body === undefined ? [] : [body]
    return {
      identifier: isText(communicationNumber) ? communicationNumber : undefined,
      items: body === undefined ? undefined : items.length,
      subjects: items.flatMap(subjectOf)
    }
  },
  describeAnswer: (answer) => {
    const { resultType, errorCode, errorDescription, error, results } = readAnswer(answer) as Answer
    const code = errorCode ?? (typeof error === 'object' ? error.code : error)
    const rejected = results?.filter(isRejected)
    return {
      code,
      failedItems: rejected?.length ?? (resultType === undefined ? undefined : Number(isRejected({ resultType }))),
      note: errorDescription ?? code ?? rejected?.[0]?.errorDescription
    }
  },
  describePreferences: () => undefined
}

function isRejected ({ resultType }: Answer): boolean {
  return resultType === 'REQUEST_REJECTED'
}

function subjectOf (item: unknown): string[] {
  const { accountExtId } = Object(item) as Record<string, unknown>
  return isText(accountExtId) ? [`e:${accountExtId}`] : []
}

/** Tells whether a value could name something: subjects are kept in lines. */
function isText (value: unknown): value is string {
  return typeof value === 'string' && value.length <= TEXT_LENGTH && !/\p{Cc}/u.test(value)
}
