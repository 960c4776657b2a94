// The what-if page: reads its fields, recomputes the case, and writes every result anew.

const SVG = "http://www.w3.org/2000/svg";
const say = (key, values) => Object.entries(values || {}).reduce(
  (said, [name, value]) => said.replaceAll("{" + name + "}", value), PAGE.words[key]);
const grouped = (value, places) => {
  const said = Math.abs(value).toLocaleString(
    "en-US", {minimumFractionDigits: places, maximumFractionDigits: places});
  return (value < 0 && /[1-9]/.test(said) ? "-" : "") + said;
};
function money(value, places) {
  if (places === undefined) places = Math.abs(value) >= PAGE.wholeFrom ? 0 : 2;
  const said = grouped(value, places);
  return said.startsWith("-") ? "-" + PAGE.symbol + said.slice(1) : PAGE.symbol + said;
}
function element(name, attributes, said) {
  const made = document.createElementNS(name.startsWith("svg:") ? SVG : "http://www.w3.org/1999/xhtml",
    name.replace("svg:", ""));
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  if (said !== undefined) made.textContent = said;
  return made;
}
const at = id => document.getElementById(id);

// --- fields and sliders ---

const typed = {...PAGE.typed};
const POSITIONS = 1000;

// A slider's positions run from low to high so that today's value stands in the middle of a wide range.
function bend(entry) {
  const share = (entry.today - entry.low) / (entry.high - entry.low);
  return share > 0 && share < 0.2 ? Math.log(share) / Math.log(0.5) : 1;
}
function valueAt(entry, position) {
  const raw = entry.low + (entry.high - entry.low) * Math.pow(position / POSITIONS, bend(entry));
  const rounded = Number(raw.toPrecision(3));
  return Math.min(entry.high, Math.max(entry.low, entry.whole ? Math.round(rounded) : rounded));
}
function positionOf(entry, value) {
  const share = (value - entry.low) / (entry.high - entry.low);
  return Math.round(POSITIONS * Math.pow(Math.min(1, Math.max(0, share)), 1 / bend(entry)));
}
const shownIn = (entry, value) => entry.percent ? Number((value * 100).toPrecision(12)) : value;
const readFrom = (entry, said) => entry.percent ? Number((Number(said) / 100).toPrecision(15)) : Number(said);

function showValue(entry, value) {
  const field = at("field_" + entry.name), slider = at("slider_" + entry.name);
  if (field && field.tagName === "INPUT") field.value = value === undefined ? "" : shownIn(entry, value);
  else if (field) field.value = value;
  if (slider && typeof value === "number") slider.value = positionOf(entry, value);
}
function setValue(entry, value) {
  if (value === undefined) delete typed[entry.name]; else typed[entry.name] = value;
  const field = at("field_" + entry.name);
  const bad = value !== undefined && isError(argument(INPUT_RULES[entry.name], value));
  field.classList.toggle("bad", bad);
  field.setAttribute("aria-invalid", String(bad));
  field.title = bad ? say("bad") : "";
  update();
}
function listen(entry) {
  const field = at("field_" + entry.name), slider = at("slider_" + entry.name);
  if (slider) slider.addEventListener("input", () => {
    const value = valueAt(entry, Number(slider.value));
    field.value = shownIn(entry, value);
    setValue(entry, value);
  });
  field.addEventListener(field.tagName === "SELECT" ? "change" : "input", () => {
    const said = field.value.trim();
    const value = said === "" ? undefined : field.tagName === "SELECT" ? said : readFrom(entry, said);
    if (slider && typeof value === "number") slider.value = positionOf(entry, value);
    setValue(entry, value);
  });
}
function reset() {
  for (const name of Object.keys(typed)) delete typed[name];
  Object.assign(typed, PAGE.typed);
  for (const entry of PAGE.entries) {
    showValue(entry, entry.shown === null ? undefined : entry.shown);
    at("field_" + entry.name).classList.remove("bad");
  }
  update();
}

// --- what is shown ---

function colourOf(results) {
  if (PAGE.needed.some(name => isError(results[name]))) return "grey";
  if (results.npv <= 0 || results.payback_months === Infinity) return "red";
  return results.recommendation < 2 ? "green" : "amber";
}
function irrSaid(results) {
  if (!isError(results.irr)) {
    if (results.irr > PAGE.mostIrr) return [say("irr_over"), say("irr_high")];
    return [grouped(results.irr * 100, 1) + "%", say("irr_note")];
  }
  const reason = {0: "irr_none", 3: "irr_several"}[results.irr_state] || "no_irr";
  return [say("none"), say(reason)];
}
function figures(results, horizon) {
  const amount = name => isError(results[name]) ? say("none") : money(results[name]);
  const months = results.payback_months;
  const payback = isError(months) ? [say("none"), ""] : months === Infinity
    ? [say("never"), say("within", {months: horizon})]
    : [say("months", {months: months.toFixed(1)}), say("payback_note")];
  return {
    npv: [amount("npv"), say("npv_note", {months: horizon})], payback_months: payback,
    total_cost: [amount("total_cost"), say("total_cost_note")],
    monthly_savings: [amount("monthly_savings"), say("monthly_savings_note")], irr: irrSaid(results),
  };
}
function reasons(answer) {
  const {results, inputs} = answer;
  const amount = value => `${grouped(value, Math.abs(value) >= 1000 ? 0 : 2)} ${PAGE.currency}`;
  const known = {
    recommendation: PAGE.verdicts[results.recommendation], npv: amount(results.npv),
    payback_months: results.payback_months === Infinity ? say("no_payback") : results.payback_months.toFixed(1),
    horizon_months: grouped(inputs.horizon_months, 0),
    caution_below_months: grouped(inputs.caution_below_months, 0),
    total_cost: amount(results.total_cost), monthly_savings: amount(results.monthly_savings),
  };
  return say(PAGE.leads[results.lead], known) + PAGE.space + say("paid", known);
}
function roundEven(value) {
  const floor = Math.floor(value), rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
// The table by year, as report/years.py makes it: cumulative amounts are true, the parts add up.
function years({series, inputs}) {
  const months = series.month.length;
  const yearOf = m => Math.min(Math.ceil(m / 12), PAGE.mostYears);
  const count = yearOf(months - 1) + 1;
  const live = row => row.map((x, m) => m === 0 ? 0 : x);
  const add = (...names) => series.month.map((_, m) => names.reduce((sum, n) => sum + series[n][m], 0));
  const rows = {
    today: live(add("current_model_cost", "avoided_fixed_cost")),
    tuned: live(add("finetuned_model_cost", "finetuned_fixed_cost", "serving_cost").map(x => -x)),
    run: live(series.run_cost.map(x => -x)), quality: live(add("quality_value", "error_savings")),
    one_off: series.month.map(m => m === 0 ? series.net_cash_flow[0] : 0),
  };
  if (inputs.success_probability < 1) {
    rows.failure = series.net_cash_flow.map(
      (x, m) => x - Object.values(rows).reduce((sum, row) => sum + row[m], 0));
  }
  const total = (row, wanted) => row.reduce((sum, x, m) => wanted(yearOf(m)) ? sum + x : sum, 0);
  const columns = [...Array(count).keys()];
  const cumulative = columns.map(y => roundEven(total(series.net_cash_flow, year => year <= y)));
  const net = cumulative.map((x, y) => x - (y ? cumulative[y - 1] : 0));
  const parts = {};
  for (const [name, row] of Object.entries(rows)) parts[name] = columns.map(y => roundEven(total(row, x => x === y)));
  for (const y of columns) {
    const names = Object.keys(parts);
    const rest = net[y] - names.reduce((sum, n) => sum + parts[n][y], 0);
    const largest = names.reduce((a, b) => Math.abs(parts[b][y]) > Math.abs(parts[a][y]) ? b : a);
    parts[largest][y] += rest;
  }
  if (parts.failure && parts.failure.every(x => x === 0)) delete parts.failure;
  return {parts, net, cumulative, open: months - 1 > PAGE.mostYears * 12};
}
function writeTable(answer) {
  const table = at("annual");
  table.replaceChildren();
  const {parts, net, cumulative, open} = years(answer);
  const line = (cells, kind, strong) => {
    const row = element("tr", strong ? {class: "strong"} : {});
    cells.forEach((said, i) => row.append(element(kind, i ? {} : {class: "w"}, said)));
    return row;
  };
  const heads = net.map((_, y) => open && y === net.length - 1 ? say("years_from", {year: PAGE.mostYears}) : say("year", {year: y}));
  const head = element("thead"), body = element("tbody");
  head.append(line([say("row"), ...heads, say("total")], "th"));
  const sum = row => row.reduce((a, b) => a + b, 0);
  const amounts = row => row.map(x => x === 0 ? "–" : money(x, 0));
  for (const name of PAGE.rows) if (parts[name]) body.append(line([say("row_" + name), ...amounts([...parts[name], sum(parts[name])])], "td"));
  body.append(line([say("row_net"), ...amounts([...net, sum(net)])], "td", true));
  body.append(line([say("row_cumulative"), ...amounts([...cumulative, cumulative.at(-1)])], "td", true));
  table.append(head, body);
}

// --- tornado ---

function spanOf(entry, value) {
  if (PAGE.ranges[entry.name]) return PAGE.ranges[entry.name];
  const rule = INPUT_RULES[entry.name], away = Math.abs(value) * PAGE.swing;
  let low = value - away, high = value + away;
  if (rule.whole) { low = Math.floor(low); high = Math.ceil(high); }
  if (rule.lower !== null) low = Math.max(low, rule.lower);
  if (rule.upper !== null) high = Math.min(high, rule.upper);
  return [low, high];
}
function tornado(base) {
  const bars = [];
  for (const entry of PAGE.entries) {
    if (!entry.driver) continue;
    const value = typed[entry.name] === undefined ? entry.shown : typed[entry.name];
    if (typeof value !== "number" || !Number.isFinite(value)) continue;
    const [low, high] = spanOf(entry, value);
    const [atLow, atHigh] = [low, high].map(x => figureOf({...typed, [entry.name]: x}, "npv"));
    if (isError(atLow) || isError(atHigh) || atLow === atHigh) continue;
    bars.push({entry, value, low, high, atLow, atHigh, down: atLow - base, up: atHigh - base});
  }
  bars.sort((a, b) => Math.abs(b.atHigh - b.atLow) - Math.abs(a.atHigh - a.atLow));
  return bars.slice(0, PAGE.most);
}

// The value of a driver at which NPV is zero, as case/break_even.py finds it: on a straight line by two
// points, else on a grid whose crossing next to today's value is narrowed.
function breakEven(entry, today) {
  const worth = value => {
    const found = figureOf({...typed, [entry.name]: value}, "npv");
    return isError(found) ? NaN : found;
  };
  const low = Math.min(entry.searched[0], today), high = Math.max(entry.searched[1], today);
  const spread = count => [...Array(count).keys()].map(i => low + (high - low) * i / (count - 1));
  const probes = [...spread(6), today], seen = probes.map(worth), rise = seen[5] - seen[0];
  if (seen.every(Number.isFinite) && rise !== 0) {
    const off = probes.map((v, i) => Math.abs(seen[i] - seen[0] - (v - low) / (high - low) * rise));
    if (Math.max(...off) <= 1e-9 * Math.max(...seen.map(Math.abs))) {
      const value = low - seen[0] / rise * (high - low);
      return value >= low && value <= high ? value : null;
    }
  }
  const first = Math.max(low, high * 1e-6);
  const wide = low >= 0 ? spread(101).map((_, i) => first * (high / first) ** (i / 100)) : [];
  const grid = [...new Set([...spread(101), ...wide, today])].sort((a, b) => a - b);
  const worths = grid.map(worth), found = grid.filter((_, i) => worths[i] === 0);
  for (let i = 1; i < grid.length; i++) {
    if (!(worths[i - 1] * worths[i] < 0)) continue;
    let [a, b] = [grid[i - 1], grid[i]];
    const sign = Math.sign(worths[i - 1]);
    for (let step = 0; step < 60; step++) {
      const middle = (a + b) / 2;
      if (middle === a || middle === b) break;
      if (Math.sign(worth(middle)) === sign) a = middle; else b = middle;
    }
    found.push(sign > 0 ? a : b);  // at a jump, the end that is worth something
  }
  const distance = value => Math.abs(value - today);
  return found.length ? found.reduce((x, y) => distance(y) < distance(x) ? y : x) : null;
}
const inFour = (entry, value) => entry.percent ? Number((value * 100).toPrecision(4)) + "%"
  : Math.abs(value) >= 1000 ? grouped(value, 0) : String(Number(value.toPrecision(4)));
function turnSaid({entry, value}) {
  const turn = breakEven(entry, value);
  if (turn === null) return say("no_turn");
  return say("turn", {value: inFour(entry, turn) + (entry.percent || !entry.unit ? "" : " " + entry.unit)});
}

// --- charts ---

function niceTicks(low, high) {
  if (!(high > low)) high = low + Math.max(1, Math.abs(low));
  const raw = (high - low) / 4, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map(m => m * power).find(s => s >= raw * 0.999);
  const ticks = [];
  for (let i = Math.floor(low / step + 1e-9); i <= Math.ceil(high / step - 1e-9); i++) ticks.push(i * step);
  return ticks;
}
function scaleOf(values) {
  const most = Math.max(...values.map(Math.abs));
  return most >= 1e7 ? [1e6, say("million")] : most >= 1e4 ? [1e3, say("thousand")] : [1, PAGE.currency];
}
const short = value => Math.abs(value) >= 10 || value === Math.trunc(value) ? grouped(value, 0) : String(Number(value.toPrecision(6)));
const W = 400, H = 200, LEFT = 58, RIGHT = 14, TOP = 34, BOTTOM = 36;
function draw(id, title) {
  const svg = at(id);
  svg.replaceChildren(element("svg:title", {}, title));
  svg.setAttribute("viewBox", `0 0 ${W} ${H}`);
  const put = (name, attributes, said) => svg.append(element("svg:" + name, attributes, said));
  put.text = (x, y, said, more) => put("text", {x, y, "font-size": 10.5, fill: "#222", ...more}, said);
  put.text(W / 2, 13, title, {"text-anchor": "middle", "font-weight": "bold", "font-size": 12});
  return put;
}
function drawCashFlow({series, results}) {
  const flow = series.cumulative_cash_flow, put = draw("cashflow", say("cashflow_title"));
  const [scale, unit] = scaleOf(flow);
  const ticks = niceTicks(Math.min(0, ...flow) / scale, Math.max(0, ...flow) / scale);
  const wide = W - LEFT - RIGHT, last = Math.max(1, flow.length - 1), foot = H - BOTTOM;
  const y = v => foot - (v - ticks[0]) / (ticks.at(-1) - ticks[0]) * (foot - TOP);
  put.text(4, 24, unit, {"font-size": 9.5, fill: "#595959"});
  put.text(W / 2, H - 5, say("cashflow_x"), {"text-anchor": "middle"});
  for (const tick of ticks) {
    put("path", {d: `M${LEFT} ${y(tick)}H${W - RIGHT}`, stroke: "#D9D9D9"});
    put.text(LEFT - 5, y(tick) + 4, short(tick), {"text-anchor": "end"});
  }
  const step = [1, 2, 3, 6, 12, 24, 36, 60].find(s => last / s <= 7) || 120;
  for (let m = 0; m <= last; m += step) put.text(LEFT + wide * m / last, foot + 14, String(m), {"text-anchor": "middle"});
  const points = flow.map((v, m) => `${LEFT + wide * m / last},${y(v / scale)}`).join(" ");
  put("path", {d: `M${LEFT} ${y(0)}h${wide}`, stroke: "#222"});
  put("polyline", {points, fill: "none", stroke: "#" + PAGE.colours.blue, "stroke-width": 2});
  const months = results.payback_months;
  if (Number.isFinite(months)) {
    const x = LEFT + wide * Math.min(months, last) / last, right = x < W * 0.62;
    put("path", {d: `M${x} ${TOP}V${foot}`, stroke: "#" + PAGE.colours.green, "stroke-dasharray": "4 3"});
    put("circle", {cx: x, cy: y(0), r: 4, fill: "#" + PAGE.colours.green});
    put.text(right ? x + 6 : x - 6, foot - 6, say("payback_mark", {months: months.toFixed(1)}),
      {"text-anchor": right ? "start" : "end", "font-weight": "bold"});
  } else {
    put.text(LEFT + 8, TOP + 12, say("not_repaid", {months: last}), {"font-weight": "bold", fill: "#B3261E"});
  }
}
function drawTornado(bars) {
  const put = draw("tornado", say("tornado_title"));
  if (!bars.length) return;
  const values = bars.flatMap(b => [b.down, b.up]), [scale, unit] = scaleOf(values);
  const ticks = niceTicks(Math.min(0, ...values) / scale, Math.max(0, ...values) / scale);
  const side = 46, wide = W - 2 * side, foot = H - BOTTOM;
  const x = v => side + wide * (v - ticks[0]) / (ticks.at(-1) - ticks[0]);
  put.text(W / 2, H - 5, say("tornado_x", {unit}), {"text-anchor": "middle"});
  ticks.forEach((tick, i) => {
    if (ticks.length > 5 && i % 2) return;
    put("path", {d: `M${x(tick)} ${TOP - 12}V${foot + 4}`, stroke: "#D9D9D9"});
    put.text(x(tick), foot + 15, short(tick), {"text-anchor": "middle"});
  });
  const step = (foot - TOP + 12) / bars.length;
  bars.forEach((bar, i) => {
    const top = TOP - 8 + i * step;
    put.text(4, top + 7, bar.entry.label, {"font-size": 9.5});
    put.text(W - 4, top + 7, turnSaid(bar), {"font-size": 9, fill: "#595959", "text-anchor": "end"});
    for (const [change, colour, end] of [[bar.down, PAGE.colours.orange, bar.low], [bar.up, PAGE.colours.blue, bar.high]]) {
      const [a, b] = [x(0), x(change / scale)].sort((p, q) => p - q);
      put("rect", {x: a, y: top + 10, width: Math.max(b - a, 0.5), height: Math.max(4, step - 14), fill: "#" + colour});
      const said = inFour(bar.entry, end);
      put.text(change < 0 ? a - 3 : b + 3, top + 10 + Math.max(4, step - 14) / 2 + 3, said,
        {"font-size": 8.5, fill: "#595959", "text-anchor": change < 0 ? "end" : "start"});
    }
  });
  put("path", {d: `M${x(0)} ${TOP - 12}V${foot + 4}`, stroke: "#222"});
}

function update() {
  const answer = evaluateCase(typed), results = answer.results, colour = colourOf(results);
  const solid = colour !== "grey";
  const verdict = at("verdict");
  verdict.className = "verdict " + colour;
  verdict.textContent = PAGE.symbols[colour] + " " + (solid ? PAGE.verdicts[results.recommendation] : say("no_result"));
  at("why").textContent = solid ? reasons(answer) : say("no_reason");
  const horizon = isError(answer.inputs.horizon_months) ? "–" : String(answer.inputs.horizon_months);
  for (const [name, [value, note]] of Object.entries(figures(results, horizon))) {
    at("value_" + name).textContent = value;
    at("note_" + name).textContent = note;
  }
  at("results").hidden = !solid;
  if (!solid) return;
  writeTable(answer);
  drawCashFlow(answer);
  drawTornado(tornado(results.npv));
}

for (const entry of PAGE.entries) listen(entry);
at("reset").addEventListener("click", reset);
reset();
