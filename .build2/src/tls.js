import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
/** Thrown when the files cannot serve for TLS. The message begins with the setting that names the file. */
export class TlsError extends Error {
    name = 'TlsError';
}
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g;
/**
 * Reads the files and checks them before anybody connects: that they can be read, are what they must be, are valid
 * today, belong together, and are strong enough for OpenSSL.
 *
 * @throws TlsError naming the setting, the file, and its fault
 */
export function readTls({ certFile, keyFile, clientCaFile }, clock) {
    const cert = readPem('TLS_CERT', certFile);
    const [own] = readCertificates('TLS_CERT', certFile, cert, clock);
    const key = readPem('TLS_KEY', keyFile);
    if (!own.checkPrivateKey(readKey(keyFile, key))) {
        throw new TlsError(`TLS_KEY: ${keyFile} is not the key of the certificate in ${certFile}. Give the one that the ` +
            'certificate was made for');
    }
    try {
        createSecureContext({ cert, key });
    }
    catch (error) {
        throw new TlsError(`TLS_CERT: OpenSSL refuses ${certFile}: ${error.message}. Give a certificate that ` +
            'today\'s clients take');
    }
    if (clientCaFile === undefined)
        return { cert, key, requestCert: false, rejectUnauthorized: false };
    const ca = readPem('TLS_CLIENT_CA', clientCaFile);
    const stranger = readCertificates('TLS_CLIENT_CA', clientCaFile, ca, clock).find((certificate) => !certificate.ca);
    if (stranger !== undefined) {
        throw new TlsError(`TLS_CLIENT_CA: ${clientCaFile} holds ${nameOf(stranger)}, which may not issue certificates. ` +
            'Give the certificate of the authority that issued those of the clients');
    }
    return { cert, key, ca, requestCert: true, rejectUnauthorized: true };
}
function readPem(setting, file) {
    try {
        return readFileSync(file, 'utf8');
    }
    catch (error) {
        throw new TlsError(`${setting}: ${error.message}. Give the path of a file that stip-sandbox may read`);
    }
}
function readCertificates(setting, file, pem, clock) {
    const [first, ...others] = (pem.match(CERTIFICATE) ?? []).map((text) => readCertificate(setting, file, text));
    if (first === undefined) {
        throw new TlsError(`${setting}: ${file} holds no certificate in PEM form. It begins with -----BEGIN ` +
            'CERTIFICATE-----');
    }
    const now = clock().getTime();
    for (const certificate of [first, ...others]) {
        if (now > Date.parse(certificate.validTo)) {
            throw new TlsError(`${setting}: ${file} holds ${nameOf(certificate)}, which expired on ${certificate.validTo}. ` +
                'Give one that is valid');
        }
        if (now < Date.parse(certificate.validFrom)) {
            throw new TlsError(`${setting}: ${file} holds ${nameOf(certificate)}, which is not valid before ` +
                `${certificate.validFrom}. Give one that is valid`);
        }
    }
    return [first, ...others];
}
function readCertificate(setting, file, pem) {
    try {
        return new X509Certificate(pem);
    }
    catch {
        throw new TlsError(`${setting}: ${file} holds a certificate that cannot be read. Give it anew`);
    }
}
function readKey(file, pem) {
    try {
        return createPrivateKey(pem);
    }
    catch {
        throw new TlsError(`TLS_KEY: ${file} is not a private key in PEM form without a passphrase. "openssl pkey -in ` +
            '... -out ..." makes one of most others');
    }
}
function nameOf({ subject }) {
    return `the certificate of ${subject.replaceAll('\n', ', ')}`;
}
//# sourceMappingURL=tls.js.map