// A person's browser, as plain as can be: cookies, forms, and redirects one by one.

export class Browser {
  cookies = new Map();

  constructor(house) {
    this.house = house;
  }

  async ask(address, words) {
    const sent = new URL(address, this.house);
    const answer = await fetch(sent, {
      method: words ? 'POST' : 'GET',
      body: words && new URLSearchParams(words),
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, word]) => `${name}=${word}`).join('; ') },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, word] = line.split(';')[0].split('=');
      this.cookies.set(name, word);
    }
    return answer;
  }

  // Sign in when asked to; return the address at which the system is answered.
  async enter(address, person) {
    let answer = await this.ask(address);
    const asked = new URL(answer.headers.get('location') ?? '', this.house);
    if (asked.pathname === '/dang-nhap/') {
      const door = `/dang-nhap/can-bo/${asked.search}`;
      const page = await (await this.ask(door)).text();
      const [, token] = page.match(/name="csrfmiddlewaretoken" value="([^"]+)"/);
      const words = { csrfmiddlewaretoken: token, next: asked.searchParams.get('next'), ...person };
      const signed = await this.ask(door, words);
      answer = await this.ask(signed.headers.get('location'));
    }
    const there = answer.headers.get('location');
    if (there) return new URL(there);
    const [, onward] = (await answer.text()).match(/class="btn main" href="([^"]+)"/);
    return new URL(onward.replaceAll('&amp;', '&'));
  }
}
