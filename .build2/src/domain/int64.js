/**
 * The two halves of whole numbers of 64 bits with sign. A bigint that is taken apart through an array costs nothing,
 * where `DataView.setBigInt64` and a comparison of bigints are calls, which an update would make by the hundred.
 */
const whole = new BigInt64Array(1);
const halves = new Int32Array(whole.buffer);
/** Which half is the low one depends on the processor. */
whole[0] = 1n;
const LOW = halves.indexOf(1);
const HIGH = 1 - LOW;
/** Gives the 32 lower bits, as a whole number with sign. */
export function lowHalf(value) {
    whole[0] = value;
    return halves[LOW];
}
/** Gives the 32 higher bits, as a whole number with sign. */
export function highHalf(value) {
    whole[0] = value;
    return halves[HIGH];
}
/** Writes 8 bytes, the high one first, as `DataView.setBigInt64` does. */
export function setInt64(view, at, value) {
    view.setInt32(at, highHalf(value));
    view.setInt32(at + 4, lowHalf(value));
}
//# sourceMappingURL=int64.js.map