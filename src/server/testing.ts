/** For tests: logs in, and gives the headers of who is logged in. */
export async function logIn(address: string, name: string, password: string): Promise<Readonly<Record<string, string>>> {
  const session = `${address}/api/v1/session`;
  const login = await fetch(session, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name, password }) });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { csrfToken } = (await (await fetch(session, { headers: { cookie } })).json()) as { csrfToken: string };
  return { cookie, 'x-culprit-csrf': csrfToken };
}
