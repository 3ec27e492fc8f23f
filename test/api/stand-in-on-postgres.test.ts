/** Runs the tests of the API of stand-in a second time, on PostgreSQL. */
process.env['STIP_TEST_ENGINE'] = 'PostgreSQL'

for (const file of ['stand-in-rules', 'events', 'authorizations', 'lost-holds', 'advices']) {
  await import(new URL(`./sandbox/${file}.test.js`, import.meta.url).href)
}

export {}
