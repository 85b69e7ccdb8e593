// oidc-provider (certified) in the place of VNeID. What it answers can be spoiled on request.

import { createServer } from 'node:http';
import { createHash } from 'node:crypto';
import Provider from 'oidc-provider';
import * as jose from 'jose';

const told = JSON.parse(process.env.TOLD);
const { publicKey, privateKey } = await jose.generateKeyPair('ES256', { extractable: true });
const own = { ...(await jose.exportJWK(privateKey)), kid: 'vneid', use: 'sig', alg: 'ES256' };
const people = new Map();
let spoiled = '';

const provider = new Provider(told.issuer, {
  clients: [{
    client_id: told.client_id,
    client_secret: told.secret,
    redirect_uris: [told.back],
    token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'ES256',
  }],
  jwks: { keys: [own] },
  acrValues: ['vneid-1', 'vneid-2', 'vneid-bio'],
  claims: {
    openid: ['sub', 'acr', 'auth_time'],
    profile: ['name', 'birthdate', 'gender', 'personal_number'],
    phone: ['phone_number'],
  },
  pkce: { required: () => true },
  cookies: { keys: ['chi-de-thu'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (ctx, one) => `/interaction/${one.uid}` },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope('openid profile phone');
    await grant.save();
    return grant;
  },
});

// The same words signed otherwise: what a thief, a mixed-up provider or a wrong clock would send.
const spoil = {
  audience: (claims) => ({ ...claims, aud: 'he-thong-khac' }),
  audiences: (claims) => ({ ...claims, aud: [claims.aud, 'he-thong-khac'] }),
  party: (claims) => ({ ...claims, azp: 'he-thong-khac' }),
  issuer: (claims) => ({ ...claims, iss: 'https://ke-gian.example' }),
  nonce: (claims) => ({ ...claims, nonce: 'khong-phai-cua-yeu-cau-nay' }),
  subject: (claims) => ({ ...claims, sub: 'nguoi-khac' }),
  slow_clock: (claims) => ({ ...claims, iat: claims.iat - 600, exp: claims.iat + 3600 }),
  fast_clock: (claims) => ({ ...claims, iat: claims.iat + 600, exp: claims.exp + 600 }),
  expired: (claims) => ({ ...claims, iat: claims.iat - 200, exp: claims.iat - 100 }),
};

async function signed(claims) {
  const header = { alg: 'ES256', kid: 'vneid' };
  if (spoiled === 'alg_none') return new jose.UnsecuredJWT(claims).encode();
  if (spoiled === 'alg_hmac') {
    const known = new TextEncoder().encode(await jose.exportSPKI(publicKey));
    return new jose.SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(known);
  }
  if (spoiled === 'alg_secret') {
    const known = new TextEncoder().encode(told.secret);
    return new jose.SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(known);
  }
  if (spoiled === 'foreign_key') {
    const other = await jose.generateKeyPair('ES256');
    return new jose.SignJWT(claims).setProtectedHeader(header).sign(other.privateKey);
  }
  if (spoiled === 'own_key') {
    const other = await jose.generateKeyPair('ES256', { extractable: true });
    const jwk = await jose.exportJWK(other.publicKey);
    return new jose.SignJWT(claims).setProtectedHeader({ ...header, jwk }).sign(other.privateKey);
  }
  const changed = spoil[spoiled] ? spoil[spoiled](claims) : claims;
  return new jose.SignJWT(changed).setProtectedHeader(header).sign(privateKey);
}

provider.use(async (ctx, next) => {
  await next();
  if (ctx.path === '/token' && spoiled && ctx.body?.id_token) {
    ctx.body = { ...ctx.body, id_token: await signed(jose.decodeJwt(ctx.body.id_token)) };
  }
});

// Who signs in is told by the test in the address of the interaction.
async function interact(request, response, words) {
  const number = words.get('number');
  const id = words.get('sub') || createHash('sha256').update(number).digest('hex').slice(0, 32);
  people.set(id, {
    name: words.get('name'), birthdate: words.get('born'), gender: 'female',
    personal_number: number, phone_number: '0900000001',
  });
  const login = { accountId: id, acr: words.get('acr'), remember: false };
  await provider.interactionFinished(request, response, { login });
}

const answer = provider.callback();
createServer((request, response) => {
  const address = new URL(request.url, told.issuer);
  if (address.pathname === '/_spoil') {
    spoiled = address.searchParams.get('kind');
    response.end('ok');
    return;
  }
  if (address.pathname.startsWith('/interaction/')) {
    interact(request, response, address.searchParams).catch((problem) => {
      response.statusCode = 500;
      response.end(String(problem));
    });
    return;
  }
  answer(request, response);
}).listen(Number(new URL(told.issuer).port), '127.0.0.1', () => console.log('ready'));
