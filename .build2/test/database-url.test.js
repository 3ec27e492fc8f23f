import { inspect } from 'node:util';
import t from 'tap';
import { readDatabaseUrl } from '../src/database-url.js';
t.test('a URL names what libpq takes from it', async (t) => {
    const url = readDatabaseUrl('postgresql://us%40er:se%2Fcr%3Aet:x@host1:6000,[::1],10.0.0.1:7/st%20ip' +
        '?sslmode=require&sslcert=/a.crt&sslkey=/a.key&sslrootcert=/root.crt&sslcrl=/root.crl' +
        '&application_name=mine&connect_timeout=9' +
        '&options=-c%20search_path%3Da&target_session_attrs=primary');
    t.match(url, {
        hosts: [{ host: 'host1', port: 6000 }, { host: '::1', port: 5432 }, { host: '10.0.0.1', port: 7 }],
        user: 'us@er',
        database: 'st ip',
        sslMode: 'require',
        files: { sslrootcert: '/root.crt', sslcert: '/a.crt', sslkey: '/a.key', sslcrl: '/root.crl' },
        options: '-c search_path=a',
        applicationName: 'mine',
        connectTimeoutMs: 9000
    });
    t.equal(url.password?.reveal(), 'se/cr:et:x');
});
t.test('what a URL leaves out is what libpq takes', async (t) => {
    t.match(readDatabaseUrl('postgres://'), {
        hosts: [{ host: 'localhost', port: 5432 }],
        user: undefined,
        password: undefined,
        database: undefined,
        sslMode: 'prefer',
        applicationName: 'stip-sandbox',
        connectTimeoutMs: 3000
    });
    t.equal(readDatabaseUrl('postgres://h?sslrootcert=system').sslMode, 'verify-full');
    t.match(readDatabaseUrl('postgres:///?host=/run/postgresql,&port=1,2&user=u&password=p%25&dbname=d'), {
        hosts: [{ host: '/run/postgresql', port: 1 }, { host: 'localhost', port: 2 }], user: 'u', database: 'd'
    });
    t.match(readDatabaseUrl('postgres://%2Frun%2Fpostgresql/d'), { hosts: [{ host: '/run/postgresql', port: 5432 }] });
    t.match(readDatabaseUrl('postgres://a,b?port=,7'), { hosts: [{ host: 'a', port: 5432 }, { host: 'b', port: 7 }] });
    t.match(readDatabaseUrl('postgres://a,b?port=7'), { hosts: [{ host: 'a', port: 7 }, { host: 'b', port: 7 }] });
});
for (const [what, text, message] of [
    ['another scheme', 'mysql://u:secret@h/d', /^must be such as postgresql:\/\/user:secret@host1:5432,host2:5432\/stip/],
    ['a slash in the password', 'postgresql://u:sec/ret@h/d', /write \/ as %2F/],
    ['a lone percent sign', 'postgresql://u:secret%@h/d', 'must write a percent sign that stands for itself as %25'],
    ['two colons in a host', 'postgresql://u:secret@a:1:2/d', /must name hosts such as .* IPv6 addresses in brackets/],
    ['a port beyond all', 'postgresql://u:secret@h:65536/d', 'must name ports from 1 to 65535'],
    ['a port that is a word', 'postgresql://u:secret@h/d?port=x', 'must name ports from 1 to 65535'],
    ['too few ports', 'postgresql://u:secret@a,b,c/d?port=1,2', 'must have one port, or one for each host'],
    ['an unknown parameter', 'postgresql://u:secret@h/d?sslmod=require', /^must have no parameter but sslmode, sslroot/],
    ['a parameter twice', 'postgresql://u:secret@h/d?port=1&port=2', 'must have the parameter port once'],
    ['an unknown mode', 'postgresql://u:secret@h/d?sslmode=on',
        'must have an sslmode of disable, allow, prefer, require, verify-ca, verify-full'],
    ['public roots with a weak mode', 'postgresql://u:secret@h/d?sslrootcert=system&sslmode=require',
        'must have sslmode=verify-full beside sslrootcert=system'],
    ['no time to connect', 'postgresql://u:secret@h/d?connect_timeout=0', /connect_timeout of 1 to 999 seconds/],
    ['a wish for a standby', 'postgresql://u:secret@h/d?target_session_attrs=standby', /looks for the host that takes/],
    ['Aurora DSQL', 'postgresql://u:secret@abc.dsql.eu-west-1.on.aws/d', /^must not name Aurora DSQL: it has no foreign/],
    ['Aurora DSQL, reached privately', 'postgresql://u:secret@abc.dsql-fnh4.us-east-1.on.aws/d', /Aurora DSQL/]
]) {
    t.test(`a URL with ${what} is refused, without its secret`, async (t) => {
        t.throws(() => readDatabaseUrl(text), { name: 'DatabaseUrlError', message });
        try {
            readDatabaseUrl(text);
        }
        catch (error) {
            t.notMatch(inspect(error).replace('user:secret@host1', ''), /secret|sec\//);
        }
    });
}
t.test('no inspection and no JSON shows the password', async (t) => {
    const url = readDatabaseUrl('postgresql://u:very-secret@h/d');
    t.notMatch(inspect(url, { depth: 9, showHidden: true }) + JSON.stringify(url), 'very-secret');
    t.match(JSON.parse(JSON.stringify(url)), { password: '***' });
});
//# sourceMappingURL=database-url.test.js.map