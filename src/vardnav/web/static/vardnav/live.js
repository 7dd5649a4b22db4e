// News from the server: says when the last came, says when the channel is lost, and asks parts to refresh.

const LONGEST_WAIT = 30_000;
const SILENCE = 45_000; // three of the server's beats

let wait = 1_000;
let lost = false;
let last = new Date();

function clock(at) {
  const time = new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" }).format(at);
  return document.documentElement.lang.startsWith("en") ? time : `kl.\u00a0${time.replace(":", ".")}`;
}

function show(state) {
  for (const status of document.querySelectorAll("[data-live-status]")) {
    const words = status.querySelector("[data-live-text]");
    const template = state === "lost" ? status.dataset.textLost : status.dataset.textUpdated;
    const text = template.replace("{time}", clock(last));
    status.dataset.state = state;
    if (words.textContent !== text) words.textContent = text;
  }
}

function tell(name, detail) {
  document.body.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
}

function alive(event) {
  if (lost) tell("live:back"); // what happened meanwhile is not known: parts that care ask again
  lost = false;
  wait = 1_000;
  last = event?.at ? new Date(event.at) : new Date();
  show("live");
}

function gone() {
  lost = true;
  show("lost");
}

function read(event) {
  try {
    return JSON.parse(event.data);
  } catch {
    return {};
  }
}

/** `url` streams messages { at, topic, kind }, and the named events ping, lost and missed. */
export function listen(url, token) {
  const address = new URL(url, location.href);
  address.searchParams.set("token", token);
  const source = new EventSource(address);
  let watch = null;
  const again = () => {
    gone();
    source.close();
    clearTimeout(watch);
    setTimeout(() => listen(url, token), wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  const heard = (event) => {
    clearTimeout(watch);
    watch = setTimeout(again, SILENCE);
    const message = read(event);
    alive(message);
    return message;
  };
  source.onmessage = (event) => {
    const message = heard(event);
    if (message.kind) tell(`live:${message.kind}`, message);
  };
  source.addEventListener("ping", heard);
  source.addEventListener("missed", (event) => {
    heard(event);
    tell("live:back");
  });
  source.addEventListener("lost", gone);
  source.onerror = () => {
    gone();
    if (source.readyState === EventSource.CLOSED) again(); // otherwise the browser tries by itself
  };
  addEventListener("pagehide", () => source.close(), { once: true });
}
