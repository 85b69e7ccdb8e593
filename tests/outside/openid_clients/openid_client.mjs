// openid-client (certified): code with PKCE, userinfo, refresh, introspection, device, sign-out.

import * as client from 'openid-client';
import { Browser } from './person.mjs';

const told = JSON.parse(process.env.TOLD);
const open = { execute: [client.allowInsecureRequests] };
const config = await client.discovery(
  new URL(told.issuer), told.client_id, told.secret, client.ClientSecretBasic(told.secret), open,
);
const browser = new Browser(told.issuer);
const said = {};

async function enter(more = {}, dpop = undefined) {
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  const nonce = client.randomNonce();
  const words = {
    redirect_uri: told.back,
    scope: 'openid profile',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...more,
  };
  const options = dpop && { DPoP: dpop };
  const address = dpop
    ? await client.buildAuthorizationUrlWithPAR(config, words, options)
    : client.buildAuthorizationUrl(config, words);
  const back = await browser.enter(address, told.person);
  const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
  if (more.max_age) checks.maxAge = Number(more.max_age);
  return client.authorizationCodeGrant(config, back, { ...checks, idTokenExpected: true }, undefined, options);
}

const first = await enter();
const who = first.claims();
said.sub = who.sub;
said.sid = who.sid;
said.name = (await client.fetchUserInfo(config, first.access_token, who.sub)).name;

const renewed = await client.refreshTokenGrant(config, first.refresh_token);
said.renewed = renewed.claims().sub === who.sub && renewed.refresh_token !== first.refresh_token;
said.active = (await client.tokenIntrospection(config, renewed.access_token)).active;
await client.tokenRevocation(config, renewed.access_token);
said.revoked = !(await client.tokenIntrospection(config, renewed.access_token)).active;
said.aged = (await enter({ max_age: '10000' })).claims().auth_time > 0;

const pair = await client.randomDPoPKeyPair('ES256');
const handle = client.getDPoPHandle(config, pair);
const bound = await enter({}, handle);
said.bound = bound.token_type;
const proven = await client.fetchUserInfo(config, bound.access_token, who.sub, { DPoP: handle });
said.proven = proven.sub === who.sub;
try {
  await client.fetchUserInfo(config, bound.access_token, who.sub);
  said.unproven = 'accepted';
} catch {
  said.unproven = 'refused';
}

const waiting = await client.initiateDeviceAuthorization(config, { scope: 'openid' });
const page = await (await browser.ask(waiting.verification_uri_complete)).text();
const [, csrf] = page.match(/name="csrfmiddlewaretoken" value="([^"]+)"/);
await browser.ask(waiting.verification_uri, {
  csrfmiddlewaretoken: csrf, user_code: waiting.user_code, answer: 'yes',
});
const fast = { ...waiting, interval: 0.1 };
said.device = (await client.pollDeviceAuthorizationGrant(config, fast)).claims().sub === who.sub;

const gone = client.buildEndSessionUrl(config, {
  id_token_hint: bound.id_token, post_logout_redirect_uri: told.left, state: 'xong',
});
said.left = (await browser.ask(gone)).headers.get('location');
try {
  await client.refreshTokenGrant(config, renewed.refresh_token);
  said.after = 'accepted';
} catch (problem) {
  said.after = problem.error;
}
console.log(JSON.stringify(said));
