import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';
/** Makes a certificate for 127.0.0.1, issued by itself where no issuer is given, and writes it into a folder. */
export async function makeCertificate(folder, name, { issuer, isAuthority = false, rsaBits, notBefore, notAfter } = {}) {
    const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
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
    });
    const files = { cert, key, certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
    writeFileSync(files.certFile, cert);
    writeFileSync(files.keyFile, key);
    return files;
}
//# sourceMappingURL=certificates.js.map