import type { Readable } from 'node:stream'
import { Type, type Static } from '@sinclair/typebox'
import { Int32Text, JobIdText } from '../address.js'
import { jsonAnswer, type JsonAnswer } from '../answer.js'
import { DryRunQuery } from '../dry-run.js'
import type { HeaderSchema } from '../headers.js'
import { Nullable } from '../nullable.js'
import { ruled } from '../rule.js'
import { NextCursor, PageQuery } from './pages.js'

const FILE_NAME = ruled(
  '^[^;\\u0000-\\u001f\\u007f]{1,255}$', '1 to 255 characters without a semicolon and without control characters'
)

export const BalanceFileQuery = Type.Object({
  client_id: Int32Text({
    description: 'The client whose file it is. The file itself does not say.',
    examples: ['123']
  }),
  file_name: Type.String({
    ...FILE_NAME,
    description: 'What the file is known by within its client: sent again under the same name, it is the same file. ' +
      'Comes back as `File_Name`, and stands in the history. 1 to 255 characters, none of them a semicolon or a ' +
      'control character.',
    examples: ['balance_update_18082024_2.csv']
  }),
  ...DryRunQuery.properties
}, { additionalProperties: false })

export const BalanceFileParameters = Type.Object({
  job_id: JobIdText({ description: 'The `Job_Id` of the file\'s administrative message.', examples: ['456'] })
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
    Passed_Records: Type.Integer({ description: 'Applied now, or by an earlier run of the same file.' }),
    Failed_Records: Type.Integer(),
    Status: Type.Unsafe<'Success' | 'Partial Success' | 'Failure'>({
      type: 'string',
      enum: ['Success', 'Partial Success', 'Failure']
    }),
    Status_Description: Type.String({
      description: 'The first failed records with their reasons, separated by `; `; the feedback file has all of ' +
        'them. At its end, how many records were not applied now, because an earlier run of the same file did.'
    })
  })
}, {
  title: 'AdministrativeMessage',
  description: 'The administrative message of the processor, with the published fields.'
})
export type AdministrativeMessage = Static<typeof AdministrativeMessage>

/**
 * Documents the answer that says how a file went.
 *
 * @param headers beside those that a rule gives it
 */
export function fileAnswer (headers: Readonly<Record<string, HeaderSchema>>): JsonAnswer<typeof AdministrativeMessage> {
  return jsonAnswer('How the file went.', AdministrativeMessage, {
    'partial success': {
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
    }
  }, headers)
}

export const BalanceFileListQuery = Type.Object({
  client_id: Type.Optional(Int32Text({ description: 'Only files of this client.' })),
  ...PageQuery.properties
}, { additionalProperties: false })

const BalanceFileRun = Type.Object({
  job_id: Type.Integer({ description: 'The `Job_Id` of the administrative message.' }),
  client_id: Type.Integer(),
  file_name: Type.String(),
  dry_run: Type.Boolean(),
  status: Type.Unsafe<'running' | 'done' | 'broken_off' | 'interrupted'>({
    type: 'string',
    enum: ['running', 'done', 'broken_off', 'interrupted'],
    description: '`broken_off`: the file could not be read to its end. `interrupted`: the service stopped before it.'
  }),
  started_at: Type.String({ format: 'date-time' }),
  finished_at: Nullable(Type.String({ format: 'date-time' }), 'Null while the file comes in, and when it never ended.'),
  total_records: Type.Integer({ description: 'Rows that are dealt with so far.' }),
  failed_records: Type.Integer(),
  repeated_records: Type.Integer({
    description: 'Those that passed because an earlier run of the same file has applied them.'
  }),
  reason: Nullable(Type.String(), 'Why the file was broken off.')
}, { title: 'BalanceFileRun' })

export const BalanceFilePage = Type.Object({
  balance_files: Type.Array(BalanceFileRun),
  next_cursor: NextCursor
}, {
  title: 'BalanceFilePage',
  description: 'Some of the files that came in.',
  examples: [{
    balance_files: [{
      job_id: 456,
      client_id: 123,
      file_name: 'balance_update_18082024_2.csv',
      dry_run: false,
      status: 'done',
      started_at: '2024-08-18T13:47:21.000Z',
      finished_at: '2024-08-18T13:47:21.091Z',
      total_records: 3,
      failed_records: 1,
      repeated_records: 0,
      reason: null
    }],
    next_cursor: null
  }]
})
export type BalanceFilePage = Static<typeof BalanceFilePage>

/** The file itself, for the documentation: it is read as a stream, row by row. */
export const BalanceFileBody = Type.Unsafe<Readable>({
  type: 'string',
  description: 'The processor\'s CSV: amounts in whole minor units, `bill_ccy` a whole number (48 is 048), and ' +
    'either `account_id` or `token` throughout the file.',
  examples: [
    'record_id,account_id,bill_ccy,act_balance,blk_balance,token\n' +
      '2a58261f-a7e0-4bc2-a21e-692309f8fe80,1005,826,5000,2000,\n' +
      'my_card_1234567890_balance,34567,826,6000,1800,\n'
  ]
})
