import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { IncomingMessage } from 'node:http'
import t from 'tap'
import { systemClock } from '../src/clock.js'
import { readIssuerTls, readTls } from '../src/tls.js'
import { makeCertificate } from './support/certificates.js'
import { makeFolder, type Test } from './support/folder.js'
import { makeService, SCENARIO, updateBody } from './support/service.js'
import { runHere } from './support/terminal.js'

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

/** Calls the balance update by HTTPS, trusting one authority only. */
async function call (
  address: string,
  credentials: {
    ca: string
    cert?: string
    key?: string
    maxVersion?: 'TLSv1.1' | 'TLSv1.2'
    minVersion?: 'TLSv1.1'
    ciphers?: string
  }
): Promise<Answer> {
  const outgoing = request(`${address}/ppws/api/v1/pws_update_balance`, {
    ...credentials,
    agent: false,
    method: 'POST',
    headers: {
      'x-api-key': 'key-of-123',
      'content-type': 'application/json'
    }
  })
  outgoing.end(JSON.stringify(updateBody()))
  const [response] = await once(outgoing, 'response') as [IncomingMessage]
  return { status: response.statusCode, headers: response.headers, body: JSON.parse(await text(response)) }
}

/** Lets a service listen with TLS. */
async function serve (t: Test, certFile: string, keyFile: string, clientCaFile?: string): Promise<string> {
  const { app } = await makeService(t, SCENARIO, { tls: readTls({ certFile, keyFile, clientCaFile }, systemClock) })
  return await app.listen({ port: 0, host: '127.0.0.1' })
}

t.test('with a certificate the service speaks HTTPS, and nothing else', async (t) => {
  const folder = makeFolder(t)
  const ca = await makeCertificate(folder, 'authority', { isAuthority: true })
  const { certFile, keyFile } = await makeCertificate(folder, 'server', { issuer: ca })
  const address = await serve(t, certFile, keyFile)
  const answer = await call(address, { ca: ca.cert })
  t.match(answer, { status: 200, body: { header: { error_id: 0 } } })
  t.match(answer.headers, { 'strict-transport-security': String, 'cross-origin-opener-policy': 'same-origin' })
  await t.rejects(call(address, { ca: ca.cert, minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' }), 'old TLS is refused')
  t.match(
    await call(address, { ca: ca.cert, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }),
    { status: 200 }
  )
  for (const ciphers of ['ECDHE-ECDSA-AES256-SHA', 'AES128-GCM-SHA256', 'AES256-SHA256']) {
    await t.rejects(call(address, { ca: ca.cert, maxVersion: 'TLSv1.2', ciphers }), `${ciphers} is refused`)
  }
  await t.rejects(fetch(address.replace('https:', 'http:')))
  t.match(await call(address, { ca: ca.cert }), { status: 200 }, 'and goes on after that')
})

t.test('with an authority for clients only those come in that have a certificate of it', async (t) => {
  const folder = makeFolder(t)
  const ca = await makeCertificate(folder, 'authority', { isAuthority: true })
  const other = await makeCertificate(folder, 'other-authority', { isAuthority: true })
  const { certFile, keyFile } = await makeCertificate(folder, 'server', { issuer: ca })
  const client = await makeCertificate(folder, 'client', { issuer: ca })
  const stranger = await makeCertificate(folder, 'stranger', { issuer: other })
  const expired = await makeCertificate(folder, 'expired', {
    issuer: ca,
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2020-02-01')
  })
  const address = await serve(t, certFile, keyFile, ca.certFile)
  t.match(await call(address, { ca: ca.cert, cert: client.cert, key: client.key }), {
    status: 200,
    body: { header: { error_id: 0 } }
  })
  for (const [what, credentials] of Object.entries({
    none: {},
    'one of another authority': stranger,
    'one that expired': expired
  })) {
    await t.rejects(call(address, { ca: ca.cert, ...credentials }), `a client with ${what} is kept out`)
  }
  t.match(
    await call(address, { ca: ca.cert, cert: client.cert, key: client.key, maxVersion: 'TLSv1.2' }), { status: 200 }
  )
})

t.test('files that cannot serve end the start with what is wrong', async (t) => {
  const folder = makeFolder(t)
  const { certFile } = await makeCertificate(folder, 'server')
  const { keyFile } = await makeCertificate(folder, 'other')
  t.same(await runHere(['serve'], {
    PORT: '0',
    DATABASE_PATH: join(folder, 'own.sqlite'),
    TLS_CERT: certFile,
    TLS_KEY: keyFile
  }), {
    exitCode: 1,
    printed: '',
    complained: `TLS_KEY: ${keyFile} is not the key of the certificate in ${certFile}. ` +
      'Give the one that the certificate was made for\n'
  })
  t.notOk(existsSync(join(folder, 'own.sqlite')), 'before anything is made')
})

t.test('each file is checked for what it must be', async (t) => {
  const folder = makeFolder(t)
  const ca = await makeCertificate(folder, 'authority', { isAuthority: true })
  const { certFile, keyFile, cert } = await makeCertificate(folder, 'server', { issuer: ca })
  const expired = await makeCertificate(folder, 'expired', {
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2020-02-01')
  })
  const future = await makeCertificate(folder, 'future', {
    notBefore: new Date('2200-01-01'),
    notAfter: new Date('2200-02-01')
  })
  const weak = await makeCertificate(folder, 'weak', { rsaBits: 512 })
  const broken = join(folder, 'broken.crt')
  writeFileSync(broken, cert.replace(/\n.{40}/, '\nAAAA'))
  const absent = join(folder, 'absent.pem')
  const files = { certFile, keyFile, clientCaFile: ca.certFile }
  t.ok(readTls(files, systemClock))
  for (const [change, message] of [
    [{ certFile: absent }, /^TLS_CERT: ENOENT: .*absent\.pem'\. Give the path of a file that stip-sandbox may read$/],
    [{ certFile: keyFile }, /^TLS_CERT: .*server\.key holds no certificate in PEM form\. /],
    [{ certFile: broken }, /^TLS_CERT: .*broken\.crt holds a certificate that cannot be read\. /],
    [
      { certFile: expired.certFile, keyFile: expired.keyFile },
      /^TLS_CERT: .*holds the certificate of CN=expired, which expired on Feb {2}1 .* 2020 GMT\. Give one that is/
    ],
    [
      { certFile: future.certFile, keyFile: future.keyFile },
      /^TLS_CERT: .*CN=future, which is not valid before Jan {2}1 .* 2200 GMT/
    ],
    [
      { certFile: weak.certFile, keyFile: weak.keyFile },
      /^TLS_CERT: OpenSSL refuses .*weak\.crt: .*key too small\. Give a certificate that today's clients take$/
    ],
    [{ keyFile: absent }, /^TLS_KEY: ENOENT/],
    [{ keyFile: certFile }, /^TLS_KEY: .*server\.crt is not a private key in PEM form without a passphrase\. /],
    [{ clientCaFile: absent }, /^TLS_CLIENT_CA: ENOENT/],
    [
      { clientCaFile: certFile },
      /^TLS_CLIENT_CA: .*CN=server, which may not issue certificates\. Give the certificate of the authority that/
    ]
  ] as const) {
    t.throws(() => readTls({ ...files, ...change }, systemClock), { name: 'TlsError', message })
  }
})

t.test('the files of the calls to issuers are checked in the same way', async (t) => {
  const folder = makeFolder(t)
  const own = await makeCertificate(folder, 'own')
  const { cert, key, certFile, keyFile } = await makeCertificate(folder, 'sandbox', { issuer: own })
  const none = { caFile: undefined, certFile: undefined, keyFile: undefined }
  t.strictSame(readIssuerTls(none, systemClock), {})
  t.strictSame(readIssuerTls({ caFile: own.certFile, certFile, keyFile }, systemClock), { cert, key, ca: own.cert })
  t.strictSame(readIssuerTls({ ...none, caFile: certFile }, systemClock), { ca: cert }, 'no authority is needed')
  for (const [files, message] of [
    [{ caFile: join(folder, 'absent.pem') }, /^ISSUER_TLS_CA_FILE: ENOENT/],
    [{ caFile: keyFile }, /^ISSUER_TLS_CA_FILE: .*sandbox\.key holds no certificate in PEM form/],
    [{ certFile: keyFile, keyFile }, /^ISSUER_TLS_CERT_FILE: .*sandbox\.key holds no certificate in PEM form/],
    [{ certFile, keyFile: certFile }, /^ISSUER_TLS_KEY_FILE: .*sandbox\.crt is not a private key/],
    [{ certFile, keyFile: own.keyFile }, /^ISSUER_TLS_KEY_FILE: .*own\.key is not the key of the certificate in/]
  ] as const) {
    t.throws(() => readIssuerTls({ ...none, ...files }, systemClock), { name: 'TlsError', message })
  }
})
