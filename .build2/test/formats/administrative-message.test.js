import t from 'tap';
import { administrativeMessage } from '../../src/formats/administrative-message.js';
const SUMMARY = {
    jobId: 456,
    clientId: 123456,
    fileName: 'balance_update_18082024_2.csv',
    startedAt: new Date('2024-08-18T13:47:21.000Z'),
    finishedAt: new Date('2024-08-18T13:49:21.091Z'),
    totalRecords: 3,
    failedRecords: 1,
    repeatedRecords: 0,
    firstFailures: [{ subject: 'Account: 987654321', reason: 'Account does not exist' }]
};
t.test('the administrative message has the published fields', async (t) => {
    t.strictSame(administrativeMessage(SUMMARY), {
        MESSAGE_TYPE: { Message_Type: '0600', Message_Desc: 'Administrative Message' },
        SUMMARY: {
            Client_Id: 123456,
            Job_Id: 456,
            File_Name: 'balance_update_18082024_2.csv',
            File_Date_Time: '18-08-2024 13:47:21',
            Processing_Time_Secs: 120.091,
            Total_Records: 3,
            Passed_Records: 2,
            Failed_Records: 1,
            Status: 'Partial Success',
            Status_Description: 'Account: 987654321, Reason: Account does not exist'
        }
    });
});
t.test('its status tells whether all, some or none of the records passed', async (t) => {
    const statusOf = (totalRecords, failedRecords) => administrativeMessage({ ...SUMMARY, totalRecords, failedRecords, firstFailures: [] }).SUMMARY.Status;
    t.equal(statusOf(0, 0), 'Success');
    t.equal(statusOf(3, 0), 'Success');
    t.equal(statusOf(3, 2), 'Partial Success');
    t.equal(statusOf(3, 3), 'Failure');
});
t.test('it says how many failed records it does not name, and how many were applied before', async (t) => {
    const firstFailures = [{ subject: 'Account: 1', reason: 'a' }, { subject: 'Line: 2', reason: 'b' }];
    const summary = { ...SUMMARY, failedRecords: 3, repeatedRecords: 7, firstFailures };
    t.equal(administrativeMessage(summary).SUMMARY.Status_Description, 'Account: 1, Reason: a; Line: 2, Reason: b; and 1 more, see the feedback file; Records applied before: 7');
});
t.test('a clock that was set back makes no negative time', async (t) => {
    t.equal(administrativeMessage({ ...SUMMARY, finishedAt: new Date(0) }).SUMMARY.Processing_Time_Secs, 0);
});
//# sourceMappingURL=administrative-message.test.js.map