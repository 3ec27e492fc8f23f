/** Which part of a list is wanted. */
export interface PageRequest {
  /** The number of the item to begin with; undefined for the beginning of the list. */
  readonly from: bigint | undefined
  /** How many items there may be, ≥ 1. */
  readonly limit: number
}

/** A part of a list. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** The number of the item that the next page begins with; undefined when this page is the last. */
  readonly next: bigint | undefined
}
