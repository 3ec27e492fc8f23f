/** Runs the tests of the API for those who set a sandbox up, and look into it, a second time, on PostgreSQL. */
process.env['STIP_TEST_ENGINE'] = 'PostgreSQL'

for (const file of [
  'accounts', 'account-creation', 'balance-file-repeats', 'balances', 'client-settings', 'clients', 'pruning', 'rates',
  'requests', 'snapshot-files', 'tokens'
]) {
  await import(new URL(`./sandbox/${file}.test.js`, import.meta.url).href)
}

export {}
