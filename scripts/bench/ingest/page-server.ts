/** Serves the pages of many hosts, as a process of its own: its work is not that of who reads them. Arguments: port, two files with pages, least series. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { pageMaker } from './pages.ts';

const [port, first = '', second = '', leastSeries] = process.argv.slice(2);
const pages = pageMaker(readFileSync(first, 'utf8'), readFileSync(second, 'utf8'), Number(leastSeries));
const looks = new Map<string, number>();
createServer((request, response) => {
  const [, who = '', host = '0'] = /^\/(\w+)\/(\d+)\/metrics/.exec(request.url ?? '') ?? [];
  const key = `${who} ${host}`;
  const look = looks.get(key) ?? 0;
  looks.set(key, look + 1);
  const page = pages.page(Number(host), look);
  response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
  if ((request.headers['accept-encoding'] ?? '').includes('gzip')) response.setHeader('content-encoding', 'gzip').end(gzipSync(page, { level: 1 }));
  else response.end(page);
}).listen(Number(port), '127.0.0.1', () => console.log(`${pages.seriesCount} ${pages.changingCount}`));
