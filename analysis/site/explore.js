/* Explore: a concordance over the sentences in the table of the page, which is read once and hidden.
 *
 * What a word is, what a pattern fits and how much stands around a match is as in analysis/corpus/tokens.py,
 * analysis/corpus/index.py and analysis/measures/concordance.py; only that text which was decoded wrongly once is
 * searched as it stands. What is chosen in the form is kept behind the # of the address.
 */
"use strict";

(() => {
  const WINDOW = 8; // words on either side, as in analysis.kwic
  const LINES = 100, MORE = 500; // shown at first, and added by the button
  const PATIENCE = 1000; // milliseconds for a regular expression
  const PAUSE = 300; // milliseconds without a key before the address changes: browsers limit how often it may

  const [form, status, list, more, table] = ["form", "status", "lines", "more", "sentences"]
    .map((name) => document.getElementById(`explore-${name}`));
  const { what, find: box, source, year, sort, link } = form.elements;

  // Words

  const LETTER = "[^\\P{L}ʼ]", HIDDEN = "\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u2069\\ufeff";
  const JOIN = "['’ʼ.‐‑\\-]|(?<=\\p{N}),(?=\\p{N})|(?<=\\p{L}\\p{M}*)[\\[\\]](?=\\p{L})";
  const TOKEN = tokenPattern(""), PATTERN_TOKEN = tokenPattern("*?");
  const UNSEEN = new RegExp(`[${HIDDEN}\\[\\]]`, "gu");

  function tokenPattern(wildcards) {
    const word = `(?:${LETTER}|[\\p{N}${wildcards}])(?:[${HIDDEN}]*(?:${LETTER}|[\\p{N}\\p{M}${wildcards}]))*`;
    return new RegExp(`${word}(?:(?:${JOIN})${word})*`, "gu");
  }

  /** The term that a token counts as. */
  function term(token) {
    const small = token.toLowerCase();
    if (/^[a-z0-9]*$/.test(small)) return small;
    return small.replace(UNSEEN, "").replace(/[^\x00-\x7fı]/gu, (c) => c.toUpperCase().toLowerCase())
      .replace(/[’ʼ]/g, "'").replace(/[‐‑]/g, "-").replace(/(?:'s)+$/, "").normalize("NFC").replaceAll("i\u0307", "i");
  }

  // The table, as arrays; offsets are into the text of a paragraph

  const sentences = [], tokens = { start: [], end: [], term: [], sentence: [] }, spelled = new Map();

  function readDocument(body) {
    let paragraph = {};
    for (const { cells: [id, source, date, text], dataset } of body.rows) {
      if (dataset.paragraph !== paragraph.number)
        paragraph = { number: dataset.paragraph, text: "", first: tokens.term.length };
      const about = { source: source.textContent, date: date.textContent, ...body.dataset };
      const sentence = { id: id.textContent, link: id.firstChild.href, text: verbatim(text), marks: dataset, about, paragraph };
      sentence.from = paragraph.text.length && paragraph.text.length + 1;
      paragraph.text += (paragraph.text && " ") + sentence.text;
      readTokens(sentence);
      paragraph.next = tokens.term.length;
    }
  }

  function readTokens(sentence) {
    for (const { 0: token, index } of sentence.text.matchAll(TOKEN)) {
      if (!spelled.has(token)) spelled.set(token, term(token));
      tokens.term.push(spelled.get(token));
      tokens.start.push(sentence.from + index);
      tokens.end.push(sentence.from + index + token.length);
      tokens.sentence.push(sentences.length);
    }
    sentences.push(sentence);
  }

  /** The text of a cell, the characters back in their place that the page shows by their number. */
  function verbatim(cell) {
    if (!cell.firstElementChild) return cell.textContent;
    const text = (node) => (node.nodeType === 1 ? String.fromCodePoint(parseInt(node.textContent.slice(2), 16)) : node.data);
    return Array.from(cell.childNodes, text).join("");
  }

  const number = (c) => `U+${c.charCodeAt().toString(16).toUpperCase().padStart(4, "0")}`;
  const shown = (text) => text.replace(/[\p{Cc}\p{Bidi_Control}\ufeff]/gu, number);

  for (const body of table.querySelectorAll("tbody")) readDocument(body);
  const vocabulary = [...new Set(spelled.values())].sort();
  const places = new Map(vocabulary.map((one, place) => [one, place]));
  tokens.term = Int32Array.from(tokens.term, (one) => places.get(one)); // as its place in the alphabet

  // Finding: each way gives hits in the order of the documents

  function findHits() {
    const [kind, name] = what.value.split(/:(.*)/s);
    if (name) return findMarked(`${kind}s`, what.selectedOptions[0]);
    if (!box.value.trim()) return sentences.map((sentence) => ({ sentence, whole: true }));
    return kind === "regex" ? findExpression(box.value) : findWords(box.value);
  }

  function findWords(query) {
    const words = (query.match(PATTERN_TOKEN) ?? []).map(term), reach = words.length - 1, hits = [];
    if (!words.some((word) => /[^*?]/.test(word))) throw new Error("There is no word in what you look for.");
    const fits = words.map(fittingTerms);
    for (let first = 0, last = reach; last < tokens.term.length; first++, last++) {
      const sentence = tokens.sentence[first];
      if (fits.every((own, n) => own[tokens.term[first + n]]) && tokens.sentence[last] === sentence)
        hits.push({ sentence: sentences[sentence], start: tokens.start[first], end: tokens.end[last], first, last });
    }
    return hits;
  }

  /** For each term of the vocabulary whether it fits a word, in which * and ? are wildcards. */
  function fittingTerms(word) {
    if (!/[*?]/.test(word)) return Uint8Array.from(vocabulary, (one) => one === word);
    const escaped = word.replace(/[.[\]]/g, "\\$&").replace(/\*+/g, ".*").replace(/\?/g, ".");
    const pattern = new RegExp(`^${escaped}$`, "su");
    return Uint8Array.from(vocabulary, (one) => pattern.test(one));
  }

  /** Where the table says that an actor or a frame stands: its number among the choices, start and end. */
  function findMarked(kind, { parentElement, index }) {
    const chosen = index - parentElement.firstElementChild.index;
    return sentences.flatMap((sentence) => [...(sentence.marks[kind] ?? "").matchAll(/(\d+):(\d+)-(\d+)/g)]
      .map((place) => place.slice(1).map(Number))
      .filter(([number]) => number === chosen)
      .map(([, start, end]) => new Hit(sentence, start, end)));
  }

  /** The hit at a place in a sentence; the first and the last of the tokens that it touches are looked up when asked for. */
  class Hit {
    constructor(sentence, from, to) {
      [this.sentence, this.start, this.end] = [sentence, sentence.from + from, sentence.from + to];
    }

    get first() {
      const { first, next } = this.sentence.paragraph;
      return bisect(tokens.end, first, next, this.start + 1);
    }

    get last() {
      const { first, next } = this.sentence.paragraph;
      return bisect(tokens.start, first, next, this.end) - 1;
    }
  }

  /** The first place from low to high with a value not below the wanted. */
  function bisect(values, low, high, wanted) {
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // Regular expressions: one may take for ever, so another thread tries it and can be stopped

  const WORK = `onmessage = ({ data: { texts, pattern, flags } }) => {
    if (texts) return void (self.texts = texts);
    const expression = new RegExp(pattern, flags), found = [];
    self.texts.forEach((text, row) => {
      for (const { 0: match, index } of text.matchAll(expression)) if (match) found.push(row, index, index + match.length);
    });
    const places = Int32Array.from(found);
    postMessage(places, [places.buffer]);
  }`;
  let worker = null, busy = false, clock = 0;

  function findExpression(query) {
    const [, anyCase, written] = /^(\(\?i\))?([^]*)$/.exec(query);
    const pattern = withAllLetters(written), flags = anyCase ? "giu" : "gu";
    try {
      new RegExp(pattern, flags);
    } catch (error) {
      throw new Error(`This is no regular expression (${error.message.split(": ").at(-1)}).`);
    }
    if (busy) stopWorker();
    worker ??= startWorker();
    busy = true;
    worker.postMessage({ pattern, flags });
    return new Promise((resolve, reject) => {
      clock = setTimeout(() => {
        stopWorker();
        reject(new Error("This expression takes too long. Write one in which no repetition stands within another."));
      }, PATIENCE);
      worker.onmessage = ({ data }) => {
        clearTimeout(clock);
        busy = false;
        const found = (_, n) => new Hit(sentences[data[3 * n]], data[3 * n + 1], data[3 * n + 2]);
        resolve(Array.from({ length: data.length / 3 }, found));
      };
    });
  }

  function startWorker() {
    const started = new Worker(URL.createObjectURL(new Blob([WORK])));
    started.postMessage({ texts: sentences.map((sentence) => sentence.text) });
    return started;
  }

  function stopWorker() {
    clearTimeout(clock);
    worker.terminate();
    [worker, busy] = [null, false];
  }

  /** The expression with \w, \d and \b for the letters and digits of all scripts, as in Python. */
  function withAllLetters(expression) {
    const letters = "\\p{L}\\p{M}\\p{Nd}\\p{Pc}", on = `[${letters}]`, off = `[^${letters}]`;
    const outside = { "\\w": on, "\\W": off, "\\b": `(?:(?<=${on})(?!${on})|(?<!${on})(?=${on}))` };
    let inside = false;
    return expression.replace(/\\[^]|[[\]]/g, (part) => {
      if (part === "[" || part === "]") inside = part === "[";
      if (part === "\\d") return "\\p{Nd}";
      return (inside ? { "\\w": letters } : outside)[part] ?? part;
    });
  }

  // Order: by the words beside a hit, the nearest first

  const contexts = {
    left: ({ first, sentence: { paragraph } }) => tokens.term.slice(Math.max(first - WINDOW, paragraph.first), first).reverse(),
    right: ({ last, sentence: { paragraph } }) => tokens.term.slice(last + 1, Math.min(last + 1 + WINDOW, paragraph.next)),
  };

  function sorted(hits, context) {
    const keyed = hits.map((hit) => ({ hit, key: context(hit) }));
    return keyed.sort((one, other) => compare(one.key, other.key)).map(({ hit }) => hit);
  }

  function compare(one, other) {
    let n = 0;
    while (n < one.length && n < other.length && one[n] === other[n]) n++;
    return (one[n] ?? -1) - (other[n] ?? -1);
  }

  // Lines

  function element(name, properties, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  }

  function line(hit) {
    const { id, link, about } = hit.sentence, [left, match, right] = split(hit).map(shown);
    const copy = element("button", { type: "button", ariaLabel: `Copy ${id} with its source` }, "Copy");
    copy.onclick = () => copyText(copy, citation(hit.sentence));
    return element("li", { className: hit.whole ? "whole" : "" },
      element("a", { href: link, className: "place" }, id),
      element("span", { className: "from", title: about.title }, `${about.year}, ${about.source}`),
      element("span", { className: "text" },
        element("span", { className: "left" }, left),
        element("span", { className: "right" }, element("mark", {}, match), right)),
      copy);
  }

  /** What a hit shows: the words before it, itself, the words after it, within the paragraph. */
  function split({ sentence: { paragraph: { text, ...paragraph }, ...sentence }, whole, start, end, first, last }) {
    if (whole) return ["", "", sentence.text];
    const begin = first - WINDOW > paragraph.first ? tokens.start[first - WINDOW] : 0;
    const close = last + WINDOW < paragraph.next - 1 ? tokens.end[last + WINDOW] : text.length;
    return [text.slice(begin, start), text.slice(start, end), text.slice(end, close)];
  }

  function citation({ id, link, text, about: { source, title, date, address } }) {
    const own = location.protocol === "file:" && address ? "" : link; // a path on one’s own disk helps nobody else
    return [`“${text}” ${source}, “${title}”, date ${date}, sentence ${id}.`, address, own].filter(Boolean).join(" ");
  }

  async function copyText(button, text) {
    const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false);
    if (!copied && !copySelected(text)) window.prompt("Copy this:", text);
    const name = (button.dataset.name ??= button.textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = name; }, 2000);
  }

  /** The way for pages that browsers do not let write to the clipboard, such as files. */
  function copySelected(text) {
    const focused = document.activeElement, area = document.body.appendChild(element("textarea", { value: text }));
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused.focus();
    return copied;
  }

  // From the form to the lines

  let hits = [], searches = 0;

  async function update() {
    const own = ++searches;
    box.disabled = what.value.includes(":");
    list.ariaBusy = true; // until the lines are those of what is chosen
    try {
      const found = await findHits();
      if (own === searches) show(found.filter(({ sentence: { about } }) =>
        (!source.value || source.value === about.source) && (!year.value || year.value === about.year)));
    } catch (error) {
      if (own === searches) say(`${error.message} The lines below are those of the search before.`, true);
    }
    if (own === searches) list.ariaBusy = false;
  }

  function show(found) {
    hits = sort.value && !found[0]?.whole ? sorted(found, contexts[sort.value]) : found;
    list.replaceChildren();
    showMore(LINES);
    const own = new Set(hits.map((hit) => hit.sentence)), documents = new Set([...own].map(({ link }) => link.split("#")[0]));
    const all = `${count(own.size, "sentence")} of ${count(documents.size, "document")}.`;
    say(!hits.length ? "Nothing found." : hits[0].whole ? all : `${count(hits.length, "hit")} in ${all}`, false);
  }

  function showMore(size) {
    const from = list.children.length, left = hits.length - from - size;
    list.append(...hits.slice(from, from + size).map(line));
    more.hidden = left <= 0;
    more.textContent = `Show ${Math.min(MORE, left)} more of ${left.toLocaleString("en-GB")}`;
  }

  function say(message, isWrong) {
    box.ariaInvalid = isWrong;
    status.textContent = message;
  }

  const count = (size, noun) => `${size.toLocaleString("en-GB")} ${noun}${size === 1 ? "" : "s"}`;

  // From the form to the address and back

  let saving = 0;

  function save() {
    clearTimeout(saving);
    const chosen = [...new FormData(form)].filter(([, value]) => value);
    history.replaceState(null, "", `#${new URLSearchParams(chosen)}`);
  }

  function clear() {
    form.reset();
    save();
    update();
    box.focus();
  }

  function restore() {
    const chosen = new URLSearchParams(location.hash.slice(1));
    for (const field of [what, box, source, year, sort]) {
      field.value = chosen.get(field.name) ?? "";
      if (field.selectedIndex === -1) field.selectedIndex = 0;
    }
    update();
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    update();
    clearTimeout(saving);
    saving = setTimeout(save, PAUSE);
  });
  form.addEventListener("change", save);
  form.elements.clear.addEventListener("click", clear);
  form.addEventListener("keydown", (event) => { if (event.key === "Escape" && event.target === box) clear(); });
  link.addEventListener("click", () => { save(); copyText(link, location.href); });
  more.addEventListener("click", () => showMore(MORE));
  window.addEventListener("hashchange", restore);
  document.addEventListener("keydown", (event) => { // before the theme, which has the same key for its own search
    const typing = event.target.closest("input, select, textarea, dialog, [contenteditable]");
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    event.preventDefault();
    event.stopPropagation();
    (box.disabled ? what : box).focus();
  }, true);

  table.hidden = true;
  form.hidden = list.hidden = false;
  restore();
})();
