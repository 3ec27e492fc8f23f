import { readAnswer } from '../../http/journal-entry.js';
/** What communication numbers and references have at most (AMLYZE). */
const TEXT_LENGTH = 255;
/** How the journal reads AMLYZE's calls. */
export const amlyzeJournal = {
    name: 'amlyze',
    prefix: '/amlyze-ws-rest',
    describeBody: (body) => {
        const { accountBalances: list, communicationNumber } = Object(body);
        const items = Array.isArray(list) ? list : body === undefined ? [] : [body];
        return {
            identifier: isText(communicationNumber) ? communicationNumber : undefined,
            items: body === undefined ? undefined : items.length,
            subjects: items.flatMap(subjectOf)
        };
    },
    describeAnswer: (answer) => {
        const { resultType, errorCode, errorDescription, error, results } = readAnswer(answer);
        const code = errorCode ?? (typeof error === 'object' ? error.code : error);
        const rejected = results?.filter(isRejected);
        return {
            code,
            failedItems: rejected?.length ?? (resultType === undefined ? undefined : Number(isRejected({ resultType }))),
            note: errorDescription ?? code ?? rejected?.[0]?.errorDescription
        };
    },
    describePreferences: () => undefined
};
function isRejected({ resultType }) {
    return resultType === 'REQUEST_REJECTED';
}
function subjectOf(item) {
    const { accountExtId } = Object(item);
    return isText(accountExtId) ? [`e:${accountExtId}`] : [];
}
/** Tells whether a value could name something: subjects are kept in lines. */
function isText(value) {
    return typeof value === 'string' && value.length <= TEXT_LENGTH && !/\p{Cc}/u.test(value);
}
//# sourceMappingURL=journal.js.map