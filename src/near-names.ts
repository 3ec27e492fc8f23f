/** The least likeness of a name that is worth to be named, and how many are. */
const [LEAST, COUNT] = [0.4, 3]

function pairsOf (name: string): Set<string> {
  return new Set(Array.from({ length: name.length - 1 }, (_, index) => name.slice(index, index + 2).toLowerCase()))
}

/** How much of their pairs of neighbouring letters two names have in common (Dice), from 0 to 1. */
function likeness (one: string, other: string): number {
  const [pairs, others] = [pairsOf(one), pairsOf(other)]
  return 2 * [...pairs].filter((pair) => others.has(pair)).length / (pairs.size + others.size)
}

/** Gives the names that somebody may have meant by a wrong one, the likeliest first. */
export function nearNames (wrong: string, names: readonly string[]): string[] {
  return names.map((name) => ({ name, like: likeness(wrong, name) })).filter(({ like }) => like >= LEAST)
    .sort((one, other) => other.like - one.like).slice(0, COUNT).map(({ name }) => name)
}
