// oauth4webapi (certified for FAPI 2): pushed request, own key, tokens bound by DPoP.

import * as oauth from 'oauth4webapi';
import { Browser } from './person.mjs';

const told = JSON.parse(process.env.TOLD);
const plain = { [oauth.allowInsecureRequests]: true };
const server = await oauth.processDiscoveryResponse(
  new URL(told.issuer),
  await oauth.discoveryRequest(new URL(told.issuer), plain),
);
const client = { client_id: told.client_id };
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
const own = await crypto.subtle.importKey('jwk', told.jwk, algorithm, false, ['sign']);
const proof = oauth.PrivateKeyJwt({ key: own, kid: told.jwk.kid });
const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
const said = {};

// The house's nonce is learned from its first refusal, as RFC 9449 says.
async function ask(make) {
  try {
    return await make();
  } catch (problem) {
    if (!oauth.isDPoPNonceError(problem)) throw problem;
    return make();
  }
}

const verifier = oauth.generateRandomCodeVerifier();
const state = oauth.generateRandomState();
const words = {
  client_id: told.client_id,
  redirect_uri: told.back,
  response_type: 'code',
  scope: 'openid profile',
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
  state,
};
const options = { ...plain, DPoP };
const pushed = await ask(async () =>
  oauth.processPushedAuthorizationResponse(
    server, client,
    await oauth.pushedAuthorizationRequest(server, client, proof, new URLSearchParams(words), options),
  ));
const address = new URL(server.authorization_endpoint);
address.searchParams.set('client_id', told.client_id);
address.searchParams.set('request_uri', pushed.request_uri);

const back = await new Browser(told.issuer).enter(address, told.person);
const checked = oauth.validateAuthResponse(server, client, back, state);
said.iss = back.searchParams.get('iss');

const foreign = { ...server, issuer: 'https://ke-gian.example' };
try {
  oauth.validateAuthResponse(foreign, client, back, state);
  said.mixed_up = 'accepted';
} catch {
  said.mixed_up = 'refused';
}

const tokens = await ask(async () =>
  oauth.processAuthorizationCodeResponse(
    server, client,
    await oauth.authorizationCodeGrantRequest(server, client, proof, checked, told.back, verifier, options),
    { requireIdToken: true },
  ));
said.kind = tokens.token_type;
const who = oauth.getValidatedIdTokenClaims(tokens);
said.sub = who.sub;

const userinfo = await ask(async () =>
  oauth.processUserInfoResponse(
    server, client, who.sub,
    await oauth.userInfoRequest(server, client, tokens.access_token, options),
  ));
said.name = userinfo.name;

const renewed = await ask(async () =>
  oauth.processRefreshTokenResponse(
    server, client,
    await oauth.refreshTokenGrantRequest(server, client, proof, tokens.refresh_token, options),
  ));
said.renewed = renewed.token_type;
said.rotated = renewed.refresh_token !== undefined;

const again = await oauth.authorizationCodeGrantRequest(
  server, client, proof, checked, told.back, verifier, options,
);
said.replayed = (await again.json()).error;
console.log(JSON.stringify(said));
