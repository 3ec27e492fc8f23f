/** Runs the tests of the API that touch the store a second time, on PostgreSQL. */
process.env['STIP_TEST_ENGINE'] = 'PostgreSQL'

for (const file of [
  'paymentology/update', 'paymentology/identifier', 'amlyze/account-balance', 'sandbox/balance-files',
  'sandbox/history', 'sandbox/reported-balances', 'sandbox/scenarios', 'sandbox/snapshots'
]) {
  await import(new URL(`./${file}.test.js`, import.meta.url).href)
}

export {}
