// The certified identity provider of the tests: provider.mjs LIBRARY PORT CLIENTS ACCOUNTS
// CLIENTS is a JSON list of registered clients, ACCOUNTS a JSON object of claims by login. Any password is right.
import { pathToFileURL } from "node:url";

const [library, port, clients, accounts] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(library));
const known = JSON.parse(accounts);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: JSON.parse(clients),
  cookies: { keys: ["only for the tests"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  scopes: ["openid", "email", "profile", "groups"],
  findAccount: (context, login) => ({ accountId: login, claims: () => ({ sub: login, ...known[login] }) }),
  pkce: { required: () => true },
});

provider.listen(Number(port), "127.0.0.1");
