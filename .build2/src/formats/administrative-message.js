/**
 * Makes the administrative message with which the processor confirms a file (Paymentology, FAST type 0600). It
 * has the published fields; times are UTC.
 */
export function administrativeMessage(summary) {
    const { jobId, clientId, fileName, startedAt, finishedAt, totalRecords, failedRecords } = summary;
    return {
        MESSAGE_TYPE: { Message_Type: '0600', Message_Desc: 'Administrative Message' },
        SUMMARY: {
            Client_Id: clientId,
            Job_Id: jobId,
            File_Name: fileName,
            File_Date_Time: formatDateTime(startedAt),
            // The clock may have been set back meanwhile.
            Processing_Time_Secs: Math.max(0, finishedAt.getTime() - startedAt.getTime()) / 1000,
            Total_Records: totalRecords,
            Passed_Records: totalRecords - failedRecords,
            Failed_Records: failedRecords,
            Status: statusOf(totalRecords, failedRecords),
            Status_Description: describeSummary(summary)
        }
    };
}
function describeSummary({ failedRecords, repeatedRecords, firstFailures }) {
    const unnamed = failedRecords - firstFailures.length;
    return [
        ...firstFailures.map(({ subject, reason }) => `${subject}, Reason: ${reason}`),
        ...unnamed > 0 ? [`and ${unnamed} more, see the feedback file`] : [],
        ...repeatedRecords > 0 ? [`Records applied before: ${repeatedRecords}`] : []
    ].join('; ');
}
function statusOf(total, failed) {
    if (failed === 0)
        return 'Success';
    return failed < total ? 'Partial Success' : 'Failure';
}
/** `dd-MM-yyyy HH:mm:ss`, as in the published message. */
function formatDateTime(time) {
    const [, year, month, day, clock] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(time.toISOString());
    return `${day}-${month}-${year} ${clock}`;
}
//# sourceMappingURL=administrative-message.js.map