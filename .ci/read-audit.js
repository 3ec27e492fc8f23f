// Reads what `npm audit --json` wrote, from standard input. Ends with 1 where a package has a known vulnerability.
// Some registries do not answer audits. Then nothing was checked, and this says so instead of passing in silence.
import { text } from 'node:stream/consumers'

const written = await text(process.stdin)
const report = parse(written)

if (report?.metadata?.vulnerabilities === undefined) {
  const reason = report?.message ?? (written.trim().slice(0, 200) || 'no answer')
  console.log(`::warning::Nothing was audited, because the registry does not answer: ${reason}`)
} else {
  const found = Object.values(report.vulnerabilities)
  for (const { name, severity, range } of found) {
    console.log(`::error::${name} ${range} has a known vulnerability (${severity})`)
  }
  if (found.length === 0) console.log('No package has a known vulnerability.')
  process.exitCode = found.length === 0 ? 0 : 1
}

function parse (json) {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
