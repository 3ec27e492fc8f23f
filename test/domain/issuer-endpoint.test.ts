import t from 'tap'
import { checkIssuerHeader, checkIssuerUrl, readIssuerHosts } from '../../src/domain/issuer-endpoint.js'

for (const [url, fault] of [
  ['https://issuer.example/fast?x=1', undefined],
  ['http://127.0.0.1:4000', undefined],
  ['HTTP://ISSUER.example.', undefined],
  ['issuer.example', 'must be a URL such as https://issuer.example/fast; it is "issuer.example"'],
  ['', 'must be a URL such as https://issuer.example/fast; it is ""'],
  ['ftp://issuer.example/', 'must be a URL such as https://issuer.example/fast; it is "ftp://issuer.example/"'],
  ['http://user@issuer.example/', 'must have no user and no password; send a header instead'],
  ['http://:secret@issuer.example/', 'must have no user and no password; send a header instead'],
  ['http://issuer.example/#a', 'must have no fragment (#)']
] as const) {
  t.test(`as an issuer's URL, ${url} ${fault ?? 'is taken'}`, async (t) => {
    t.equal(checkIssuerUrl(url, undefined), fault)
  })
}

t.test('a list of hosts takes each spelling of them, and nothing else', async (t) => {
  const hosts = readIssuerHosts(['Issuer.example', '127.0.0.1', '::1', 'trailing.example.'])
  for (const host of [
    'issuer.example', 'ISSUER.EXAMPLE:8443', 'issuer.example.', '127.0.0.1', '2130706433', '0x7f.1', '[::1]',
    '[0:0:0:0:0:0:0:1]:80', 'trailing.example'
  ]) t.equal(checkIssuerUrl(`http://${host}/`, hosts), undefined, host)
  for (const host of [
    'issuer.example.evil.example', 'evil-issuer.example', '127.0.0.2', '[::ffff:127.0.0.1]', 'localhost',
    'issuer.example@evil.example', 'evil.example\\@issuer.example', '169.254.169.254'
  ]) t.type(checkIssuerUrl(`http://${host}/`, hosts), 'string', host)
  t.equal(
    checkIssuerUrl('http://evil.example/', readIssuerHosts(['a.example', 'b.example'])),
    'must have a host that ISSUER_HOSTS allows: a.example, b.example; it has "evil.example"'
  )
})

t.test('a header of the issuer\'s own is none of those that the sandbox sets, and can be sent', async (t) => {
  t.equal(checkIssuerHeader({ name: 'Authorization', value: 'Bearer s3cret' }), undefined)
  for (const name of ['content-type', 'X-Request-ID', 'Transfer-Encoding', 'Host', 'Stip-Sandbox']) {
    t.equal(checkIssuerHeader({ name, value: 'x' }), `must not be ${name}, which the sandbox sets itself`)
  }
  const rule = 'must have a name of letters, digits and hyphens, and a value of characters that a header can carry'
  for (const [name, value] of [['', 'x'], ['a b', 'x'], ['a:', 'x'], ['a', 's3cret\r\nb: c'], ['a', '🍞']] as const) {
    t.equal(checkIssuerHeader({ name, value }), rule)
  }
})
