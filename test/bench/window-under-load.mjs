/**
 * How the window feels at rest and while agents call 100 times a second: from a click until the screen that it opens is painted with what it
 * shows, the longest gap between two frames, and a question from the page to main and back.
 */
import { judged, now, quantile } from './figures.mjs';
import { connect } from './peers.mjs';

const screens = ['Activity', 'Agents', 'Approvals', 'Settings', 'Integrations'];
const clicks = 100;
const perSecond = 100;

export async function windowRows(application) {
  const { page } = application;
  await page.setViewportSize({ width: 1280, height: 800 });
  const rows = [];
  const atRest = await feel(application);
  const load = await startLoad(application);
  let underLoad;
  try {
    underLoad = await feel(application);
  } finally {
    rows.push(...(await load.stop()));
  }
  const both = [
    ['window at rest', atRest, undefined],
    [`window, ${perSecond} calls a second`, underLoad, 100],
  ];
  for (const [when, felt, goal] of both) {
    rows.push(figure(`${when}: click → painted with its content, ms (p50, p95, most)`, felt.clicksMs, goal));
    rows.push(figure(`– question to main and back, ms (p50, p95, most)`, felt.asksMs));
    rows.push(figure(`– time from frame to frame on Activity, ms (p50, p95, most)`, felt.framesMs));
  }
  return rows;
}

function figure(what, tookMs, goal) {
  const p95 = quantile(tookMs, 0.95);
  const holds = goal === undefined ? '' : p95 <= goal ? 'holds' : 'does not hold';
  return {
    what,
    goal: goal === undefined ? '' : `p95 ≤ ${goal}`,
    figure: [quantile(tookMs, 0.5), p95, Math.max(...tookMs)].map((ms) => ms.toFixed(1)).join(', '),
    holds,
  };
}

async function feel({ page }) {
  const clicksMs = [];
  const navigation = page.getByRole('navigation', { name: 'Main' });
  const places = {};
  for (const screen of screens)
    places[screen] = await navigation.getByRole('button', { name: screen }).boundingBox();
  for (let done = -screens.length; done < clicks; done += 1) {
    const screen = screens[(done + screens.length) % screens.length];
    const { x, y, width, height } = places[screen];
    await page.evaluate(awaitClick, screen);
    await page.mouse.click(x + width / 2, y + height / 2);
    const tookMs = await page.evaluate(() => window.painted);
    // The first round opens each screen for the first time.
    if (done >= 0) clicksMs.push(tookMs);
  }
  await navigation.getByRole('button', { name: 'Activity' }).click();
  return {
    clicksMs,
    framesMs: await page.evaluate(frames, 300),
    asksMs: await page.evaluate(asks, 200),
  };
}

/** In the page: keeps how long it takes from the next click until the screen named so is there, nothing of it loads any more, and it was painted. */
function awaitClick(screen) {
  const painted = () =>
    new Promise((done) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done();
      requestAnimationFrame(() => channel.port2.postMessage(0));
    });
  window.painted = new Promise((done) => {
    const onClick = async (event) => {
      const isThere = () =>
        document.querySelector('h1')?.textContent.includes(screen) && !document.querySelector('.skeleton');
      do await painted();
      while (!isThere());
      done(performance.now() - event.timeStamp);
    };
    document.addEventListener('click', onClick, { once: true, capture: true });
  });
}

/** In the page. */
async function frames(count) {
  const gaps = [];
  let before = await new Promise(requestAnimationFrame);
  while (gaps.length < count) {
    const at = await new Promise(requestAnimationFrame);
    gaps.push(at - before);
    before = at;
  }
  return gaps;
}

/** In the page. */
async function asks(count) {
  const took = [];
  while (took.length < count) {
    const startedMs = performance.now();
    await window.gatehouse.call.app.status({});
    took.push(performance.now() - startedMs);
    await new Promise(requestAnimationFrame);
  }
  return took;
}

/** Calls at a steady pace, whether or not the ones before were answered; from two agents, since one may send only so much. */
async function startLoad(application) {
  const clients = [await connect(await application.agent()), await connect(await application.agent())];
  const tookMs = [];
  const underWay = new Set();
  let sent = 0;
  let failed = 0;
  const beganMs = now();
  const send = () => {
    while (sent < ((now() - beganMs) * perSecond) / 1_000) {
      const startedMs = now();
      const call = clients[sent % clients.length].echo('x'.repeat(100)).then(
        () => tookMs.push(now() - startedMs),
        () => {
          failed += 1;
        },
      );
      underWay.add(call);
      call.then(() => underWay.delete(call));
      sent += 1;
    }
  };
  const timer = setInterval(send, 5);
  return {
    stop: async () => {
      clearInterval(timer);
      const ranMs = now() - beganMs;
      await Promise.all(underWay);
      await Promise.all(clients.map((client) => client.close()));
      return [
        judged({
          what: '– calls answered a second meanwhile',
          values: [(tookMs.length * 1_000) / ranMs],
          digits: 0,
        }),
        judged({ what: '– calls that failed meanwhile', values: [failed], goal: 0, digits: 0 }),
        figure('– an agent waits for its answer meanwhile, ms (p50, p95, most)', tookMs),
      ];
    },
  };
}
