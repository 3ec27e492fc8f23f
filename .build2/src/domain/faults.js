/** Of an input with more faults, this many are named. The others are counted. */
const NAMED_FAULTS = 20;
/** At this many faults the reading of an input ends: it is another kind of document, or all of it is wrong. */
const COUNTED_FAULTS = 1000;
/** Gives the first faults in words, and how many more there are. */
export function firstOf(found, describe) {
    return withCount(found.slice(0, NAMED_FAULTS).map(describe), found.length, '');
}
function withCount(named, count, bound) {
    const others = count - named.length;
    return others > 0 ? [...named, `and ${bound}${others} more faults`] : named;
}
/**
 * Thrown for an input that a schema has accepted and that cannot be applied. Each fault names its place and what
 * would be right.
 */
export class InputError extends Error {
    faults;
    name = 'InputError';
    constructor(faults) {
        super(faults.join('; '));
        this.faults = faults;
    }
}
/**
 * Collects the faults of a document, and remembers where each value that must be unique stood first. It keeps the
 * first 20 faults and counts the others, and ends the reading at the 1000th, so that no list grows with its input.
 */
export class Faults {
    Refusal;
    #named = [];
    #count = 0;
    /** By kind and last characters. One map of very many would hold everybody up each time that it grows. */
    #firstPlaces = new Map();
    /** @param Refusal the error that the faults throw */
    constructor(Refusal = InputError) {
        this.Refusal = Refusal;
    }
    /** The first faults. Each begins with its place, for example `accounts[3].currency`. */
    get found() {
        return withCount(this.#named, this.#count, this.#count === COUNTED_FAULTS ? 'at least ' : '');
    }
    /** How many faults there are so far, also those that are not named. */
    get count() {
        return this.#count;
    }
    /**
     * @param text the fault in words, or a function that puts a named fault into words
     * @throws the refusal when there are too many faults to read on
     */
    add(place, text) {
        if (this.#count < NAMED_FAULTS)
            this.#named.push(`${place} ${typeof text === 'string' ? text : text()}`);
        this.#count += 1;
        if (this.#count === COUNTED_FAULTS)
            this.refuse();
    }
    /** The values themselves may be secret and are not shown. */
    requireUnique(kind, place, value) {
        const key = JSON.stringify([kind, value.slice(-2)]);
        const places = this.#firstPlaces.get(key) ?? new Map();
        const first = places.get(value);
        if (places.size === 0)
            this.#firstPlaces.set(key, places);
        if (first === undefined)
            places.set(value, place);
        else
            this.add(place, `is the same as ${first}, and must be unique`);
    }
    /** @throws the refusal when there is any fault */
    refuse() {
        if (this.#count > 0)
            throw new this.Refusal(this.found);
    }
}
//# sourceMappingURL=faults.js.map