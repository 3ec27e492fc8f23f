import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate, type GenerateResult } from 'selfsigned'

/** A certificate and its key (PEM), and the files that they stand in. */
export interface CertificateFiles {
  readonly cert: string
  readonly key: string
  readonly certFile: string
  readonly keyFile: string
}

/** What a certificate is, where that matters. */
export interface CertificateForm {
  readonly issuer?: CertificateFiles
  readonly isAuthority?: boolean
  /** For a key of RSA in place of one on an elliptic curve. */
  readonly rsaBits?: 512
  readonly notBefore?: Date
  readonly notAfter?: Date
}

/** Makes a certificate for 127.0.0.1, issued by itself where no issuer is given, and writes it into a folder. */
export async function makeCertificate (
  folder: string, name: string, { issuer, isAuthority = false, rsaBits, notBefore, notAfter }: CertificateForm = {}
): Promise<CertificateFiles> {
  const { cert, private: key }: GenerateResult = await generate([{ name: 'commonName', value: name }], {
    ...rsaBits === undefined ? { keyType: 'ec' } : { keyType: 'rsa', keySize: rsaBits },
    algorithm: 'sha256',
    ...issuer === undefined ? {} : { ca: { cert: issuer.cert, key: issuer.key } },
    ...notBefore === undefined ? {} : { notBeforeDate: notBefore },
    ...notAfter === undefined ? {} : { notAfterDate: notAfter },
    extensions: [
      { name: 'basicConstraints', cA: isAuthority, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: isAuthority, critical: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }
    ]
  })
  const files = { cert, key, certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) }
  writeFileSync(files.certFile, cert)
  writeFileSync(files.keyFile, key)
  return files
}
