import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext } from 'node:tls'
import type { Clock } from './clock.js'
import type { TlsCredentials } from './fast/exchange.js'

/** Which files TLS is made of (PEM). */
export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
  /** Undefined when clients need no certificate. */
  readonly clientCaFile: string | undefined
}

/** Which files the calls to issuers are made with (PEM). */
export interface IssuerTlsFiles {
  /** Undefined for the public authorities. */
  readonly caFile: string | undefined
  /** Both undefined when issuers need no certificate. */
  readonly certFile: string | undefined
  readonly keyFile: string | undefined
}

/** What a TLS server is made with, in the words of `node:tls`. */
export interface TlsOptions {
  readonly cert: string
  readonly key: string
  readonly ca?: string
  readonly requestCert: boolean
  readonly rejectUnauthorized: boolean
}

/** Thrown when the files cannot serve for TLS. The message begins with the setting that names the file. */
export class TlsError extends Error {
  override readonly name = 'TlsError'
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g

/**
 * Reads the files and checks them before anybody connects: that they can be read, are what they must be, are valid
 * today, belong together, and are strong enough for OpenSSL.
 *
 * @throws TlsError naming the setting, the file, and its fault
 */
export function readTls ({ certFile, keyFile, clientCaFile }: TlsFiles, clock: Clock): TlsOptions {
  const { cert, key } = readPair({ setting: 'TLS_CERT', file: certFile }, { setting: 'TLS_KEY', file: keyFile }, clock)
  if (clientCaFile === undefined) return { cert, key, requestCert: false, rejectUnauthorized: false }
  const ca = readPem('TLS_CLIENT_CA', clientCaFile)
  const stranger = readCertificates('TLS_CLIENT_CA', clientCaFile, ca, clock).find((certificate) => !certificate.ca)
  if (stranger !== undefined) {
    throw new TlsError(`TLS_CLIENT_CA: ${clientCaFile} holds ${nameOf(stranger)}, which may not issue certificates. ` +
      'Give the certificate of the authority that issued those of the clients')
  }
  return { cert, key, ca, requestCert: true, rejectUnauthorized: true }
}

/**
 * Reads the files of the calls to issuers, and checks them as {@link readTls} does. An issuer may be trusted by its own
 * certificate, where nobody else has issued it.
 *
 * @throws TlsError naming the setting, the file, and its fault
 */
export function readIssuerTls ({ caFile, certFile, keyFile }: IssuerTlsFiles, clock: Clock): TlsCredentials {
  const pair = certFile === undefined || keyFile === undefined
    ? {}
    : readPair(
      { setting: 'ISSUER_TLS_CERT_FILE', file: certFile }, { setting: 'ISSUER_TLS_KEY_FILE', file: keyFile }, clock)
  if (caFile === undefined) return pair
  const ca = readPem('ISSUER_TLS_CA_FILE', caFile)
  readCertificates('ISSUER_TLS_CA_FILE', caFile, ca, clock)
  return { ...pair, ca }
}

/** A file, and the setting that names it. */
interface SetFile {
  readonly setting: string
  readonly file: string
}

/** Reads a certificate and its key. */
function readPair (
  certificate: SetFile, keyOf: SetFile, clock: Clock
): { readonly cert: string, readonly key: string } {
  const cert = readPem(certificate.setting, certificate.file)
  const [own] = readCertificates(certificate.setting, certificate.file, cert, clock)
  const key = readPem(keyOf.setting, keyOf.file)
  if (!own.checkPrivateKey(readKey(keyOf, key))) {
    throw new TlsError(`${keyOf.setting}: ${keyOf.file} is not the key of the certificate in ${certificate.file}. ` +
      'Give the one that the certificate was made for')
  }
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new TlsError(`${certificate.setting}: OpenSSL refuses ${certificate.file}: ${(error as Error).message}. ` +
      'Give a certificate that today\'s clients take')
  }
  return { cert, key }
}

function readPem (setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new TlsError(`${setting}: ${(error as Error).message}. Give the path of a file that stip-sandbox may read`)
  }
}

function readCertificates (
  setting: string, file: string, pem: string, clock: Clock
): [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = (pem.match(CERTIFICATE) ?? []).map((text) => readCertificate(setting, file, text))
  if (first === undefined) {
    throw new TlsError(`${setting}: ${file} holds no certificate in PEM form. It begins with -----BEGIN ` +
      'CERTIFICATE-----')
  }
  const now = clock().getTime()
  for (const certificate of [first, ...others]) {
    if (now > Date.parse(certificate.validTo)) {
      throw new TlsError(`${setting}: ${file} holds ${nameOf(certificate)}, which expired on ${certificate.validTo}. ` +
        'Give one that is valid')
    }
    if (now < Date.parse(certificate.validFrom)) {
      throw new TlsError(`${setting}: ${file} holds ${nameOf(certificate)}, which is not valid before ` +
        `${certificate.validFrom}. Give one that is valid`)
    }
  }
  return [first, ...others]
}

function readCertificate (setting: string, file: string, pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new TlsError(`${setting}: ${file} holds a certificate that cannot be read. Give it anew`)
  }
}

function readKey ({ setting, file }: SetFile, pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch {
    throw new TlsError(`${setting}: ${file} is not a private key in PEM form without a passphrase. "openssl pkey -in ` +
      '... -out ..." makes one of most others')
  }
}

function nameOf ({ subject }: X509Certificate): string {
  return `the certificate of ${subject.replaceAll('\n', ', ')}`
}
