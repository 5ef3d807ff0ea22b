// The answer: what was found about each claim, model by model.

const OUTCOMES = ['supported', 'by_construction', 'not_supported', 'no_effect', 'undecided', 'not_testable'];
const ICONS = {
  supported: 'M3.5 8.5l3 3l6-7',
  not_supported: 'M4 4l8 8M12 4l-8 8',
  undecided: 'M3 9.2c1.6-3 3.4-3 5-1.2s3.4 1.8 5-1.2',
  no_effect: 'M4 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0M4.5 11.5l7-7',
  by_construction: 'M4 6h8M4 10h8',
  not_testable: 'M4 8h8',
};

function verdictSection(verdicts) {
  return element(
    'section',
    { id: 'verdicts', 'aria-labelledby': 'verdicts-title' },
    element('h2', { id: 'verdicts-title' }, 'What was found'),
    counts(verdicts),
    [...claims(verdicts).values()].map(claimBlock),
  );
}

function claims(verdicts) {
  const grouped = new Map();
  for (const verdict of verdicts) {
    const key = JSON.stringify([verdict.study, verdict.claim]);
    grouped.set(key, [...(grouped.get(key) ?? []), verdict]);
  }
  return grouped;
}

function counts(verdicts) {
  const present = OUTCOMES.map((outcome) => verdicts.filter((verdict) => verdict.outcome === outcome)).filter(
    (found) => found.length > 0,
  );
  return element(
    'ul',
    { class: 'counts' },
    present.map((found) =>
      element('li', {}, element('span', { class: 'count' }, String(found.length)), pill(found[0])),
    ),
  );
}

// Icon and words; the colour says nothing that these do not.
function pill(verdict) {
  const icon = svgElement(
    'svg',
    { width: 14, height: 14, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svgElement('path', {
      d: ICONS[verdict.outcome],
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 2.2,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    }),
  );
  return element('span', { class: 'pill ' + verdict.outcome }, icon, verdict.outcome_words);
}

function claimBlock(verdicts) {
  const effects = new Set(verdicts.map((verdict) => verdict.effect));
  const papers = new Set(verdicts.map((verdict) => verdict.paper));
  const once = {
    effect: effects.size === 1,
    paper: papers.size === 1,
    scale: effectScale(verdicts),
    decimals: effectDecimals(verdicts),
  };
  return element(
    'article',
    { class: 'claim' },
    element('h3', {}, verdicts[0].claim),
    element(
      'dl',
      { class: 'claim-terms' },
      once.effect ? term('Measured', verdicts[0].effect) : null,
      once.paper && verdicts[0].paper !== '' ? term('The paper', verdicts[0].paper) : null,
    ),
    element(
      'ul',
      { class: 'models' },
      verdicts.map((verdict) => modelRow(verdict, once)),
      effects.size === 1 && once.scale ? scaleRow(verdicts, once) : null,
    ),
  );
}

function term(name, words) {
  return element('div', {}, element('dt', {}, name), element('dd', {}, words));
}

function modelRow(verdict, once) {
  const details = [
    once.effect ? null : verdict.effect,
    once.paper || verdict.paper === '' ? null : 'The paper: ' + verdict.paper,
  ].filter(Boolean);
  return element(
    'li',
    { class: 'model' },
    element('div', { class: 'model-name' }, verdict.model),
    pill(verdict),
    element('div', { class: 'interval' }, isNumber(verdict.value) && once.scale ? intervalBar(verdict, once) : null),
    element('div', { class: 'effect' }, effectWords(verdict, once.decimals)),
    element(
      'p',
      { class: 'finding' },
      unbroken(verdict.sentence),
      [...details, evidenceWords(verdict.evidence)]
        .filter((words) => words !== '')
        .map((words) => element('span', { class: 'detail' }, words)),
    ),
  );
}

// What the verdict rests on, in one line.
function evidenceWords(evidence) {
  const number = (name, value) => (isNumber(value) ? name + ' ' + fixed(value, 3) : '');
  const pValue = (value) => (value < 0.001 ? '< 0.001' : '= ' + fixed(value, 3));
  const seeds = finite(evidence.over_seeds);
  return unbroken(
    [
      evidence.unit === '' ? '' : 'n = ' + evidence.n + ' ' + evidence.unit,
      isNumber(evidence.p_adjusted)
        ? 'p ' + pValue(evidence.p_adjusted) + ' over the run (' + pValue(evidence.p) + ' alone: ' + evidence.test + ')'
        : '',
      number('null', evidence.null),
      number('untrained twin', evidence.twin),
      evidence.no_twin === '' ? '' : 'untrained twin – (' + evidence.no_twin + ')',
      number('worth the name from', evidence.worth),
      number('detectable from', evidence.detectable),
      isNumber(evidence.p_adjusted) && !isNumber(evidence.detectable) ? 'detectable – (the interval has no width)' : '',
      seeds.length > 0 ? fixed(Math.min(...seeds), 3) + ' … ' + fixed(Math.max(...seeds), 3) + ' over ' + seeds.length + ' ' + evidence.seeds_of : '',
    ]
      .filter((part) => part !== '')
      .join(' · '),
  );
}

function effectWords(verdict, decimals) {
  if (!isNumber(verdict.value)) {
    return [element('span', { class: 'faint' }, 'no value')];
  }
  const shown = (value) => fixed(value, decimals);
  return [
    element('strong', {}, shown(verdict.value)),
    ' ',
    element('span', { class: 'range' }, interval(verdict.low, verdict.high, shown)),
  ];
}

// One scale for all models of a claim, with a margin; none where the effects are not one quantity.
function effectScale(verdicts) {
  const tested = verdicts.filter((verdict) => isNumber(verdict.value));
  if (tested.length === 0 || new Set(tested.map((verdict) => verdict.effect)).size > 1) {
    return null;
  }
  const [least, most] = extent(
    tested.flatMap((verdict) => [verdict.value, verdict.low, verdict.high, verdict.threshold]),
  );
  const margin = (most - least || 1) * 0.06;
  return { least: least - margin, most: most + margin };
}

// Two digits of the width of an interval, taking the one in the middle.
function effectDecimals(verdicts) {
  const bounded = verdicts.filter((verdict) => isNumber(verdict.low) && isNumber(verdict.high));
  const widths = bounded.map((verdict) => verdict.high - verdict.low).filter((width) => width > 0);
  const middle = widths.sort((a, b) => a - b)[Math.floor(widths.length / 2)];
  return middle === undefined ? 2 : Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(middle))));
}

const BAR_WIDTH = 240;

function along(value, scale) {
  return ((value - scale.least) / (scale.most - scale.least)) * BAR_WIDTH;
}

// The interval as a line with a dot, against the threshold; an open end runs to the edge.
function intervalBar(verdict, once) {
  const place = (value, otherwise) => (isNumber(value) ? along(value, once.scale) : otherwise);
  const shown = (value) => fixed(value, once.decimals);
  const words =
    shown(verdict.value) + ' ' + interval(verdict.low, verdict.high, shown) + ' against ' + short(verdict.threshold);
  const edge = place(verdict.threshold, 0);
  return svgElement(
    'svg',
    { class: 'bar ' + verdict.outcome, viewBox: '0 0 ' + BAR_WIDTH + ' 22', role: 'img', 'aria-label': words },
    svgElement('line', { class: 'threshold', x1: edge, x2: edge, y1: 0, y2: 22 }),
    svgElement('line', {
      class: 'range',
      x1: place(verdict.low, 0),
      x2: place(verdict.high, BAR_WIDTH),
      y1: 11,
      y2: 11,
    }),
    svgElement('circle', { class: 'value', cx: place(verdict.value, 0), cy: 11, r: 4.5 }),
  );
}

// What the bars above are measured on.
function scaleRow(verdicts, once) {
  const verdict = verdicts[0];
  const thresholds = [...new Set(verdicts.map((verdict) => short(verdict.threshold)))];
  const at = along(verdict.threshold, once.scale);
  const side = at > BAR_WIDTH * 0.8 ? 'end' : at < BAR_WIDTH * 0.2 ? 'start' : 'middle';
  const percent = Math.round(verdict.level * 1000) / 10;
  return element(
    'li',
    { class: 'model scale' },
    element(
      'div',
      { class: 'interval' },
      svgElement(
        'svg',
        { class: 'bar', viewBox: '0 0 ' + BAR_WIDTH + ' 16', 'aria-hidden': 'true' },
        svgElement(
          'text',
          { x: Math.min(BAR_WIDTH - 1, Math.max(1, at)), y: 12, 'text-anchor': side },
          thresholds.length === 1 ? 'threshold ' + thresholds[0] : 'a threshold each',
        ),
      ),
    ),
    element('div', { class: 'effect faint' }, percent + ' % interval'),
  );
}
