/**
 * Makes a page of rows that were read for it.
 *
 * @param rows one more than the limit where there are more
 * @param numberOf gives the number that a page can begin with
 */
export function pageOf(rows, limit, numberOf, itemOf) {
    const following = rows[limit];
    return { items: rows.slice(0, limit).map(itemOf), next: following === undefined ? undefined : numberOf(following) };
}
//# sourceMappingURL=page.js.map