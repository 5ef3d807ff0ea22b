// The page: assembled once from the report; charts are drawn again when the theme, the width or the medium changes.

const report = JSON.parse(document.getElementById('report-data').textContent);
const darkSystem = matchMedia('(prefers-color-scheme: dark)');
let chosenTheme = remembered();
let printing = false;

function remembered() {
  try {
    return localStorage.getItem('entropy-lens-theme');
  } catch {
    return null; // a browser may refuse to remember anything for a file
  }
}

function isDark() {
  return !printing && (chosenTheme ? chosenTheme === 'dark' : darkSystem.matches);
}

function drawAll() {
  const theme = isDark() ? THEMES.dark : THEMES.light;
  figures.forEach((figure) => figure.draw(theme, printing));
}

function themeButton() {
  const control = element('button', { type: 'button', class: 'theme' });
  const show = () => {
    control.textContent = isDark() ? 'Light' : 'Dark';
    control.setAttribute('aria-label', isDark() ? 'Switch to light colours' : 'Switch to dark colours');
    if (chosenTheme) {
      document.documentElement.dataset.theme = chosenTheme;
    }
  };
  control.addEventListener('click', () => {
    chosenTheme = isDark() ? 'light' : 'dark';
    try {
      localStorage.setItem('entropy-lens-theme', chosenTheme);
    } catch {
      // as above: it then holds for this visit
    }
    show();
    drawAll();
  });
  darkSystem.addEventListener('change', () => {
    show();
    drawAll();
  });
  show();
  return control;
}

function pageHeader() {
  const links = report.sections.map((section, at) =>
    element('li', {}, element('a', { href: '#section-' + at }, section.title)),
  );
  return element(
    'header',
    {},
    element('div', { class: 'top' }, element('p', { class: 'kind' }, 'entropy-lens · study report'), themeButton()),
    element('h1', {}, report.title),
    element(
      'nav',
      { 'aria-label': 'Sections' },
      element('ol', {}, links, element('li', {}, element('a', { href: '#repeat' }, 'How to repeat it'))),
    ),
  );
}

function sectionBlock(section, at, order) {
  return element(
    'section',
    { id: 'section-' + at, 'aria-labelledby': 'section-title-' + at },
    element('h2', { id: 'section-title-' + at }, section.title),
    section.charts.map((chart) => new Figure(chart, order).element),
    section.tables.map((table, number) => reportTable(table, 'table-' + (at + 1) + '-' + (number + 1))),
    words('How it was measured', section.protocol, 'p'),
    words('Notes', section.notes, 'li'),
  );
}

function words(title, paragraphs, tag) {
  if (paragraphs.length === 0) {
    return null;
  }
  const content = paragraphs.map((paragraph) => element(tag, {}, paragraph));
  return element(
    'div',
    { class: 'words' },
    element('h3', {}, title),
    tag === 'li' ? element('ul', {}, content) : content,
  );
}

function repeatSection() {
  const command = element('code', {}, commandWords());
  const copy = button('Copy', 'Copy the command', () =>
    copyText(report.command, command).then((done) => announceCopy(copy, done)),
  );
  return element(
    'section',
    { id: 'repeat', 'aria-labelledby': 'repeat-title' },
    element('h2', { id: 'repeat-title' }, 'How to repeat it'),
    element('div', { class: 'command' }, element('pre', { tabindex: 0 }, command), copy),
    element(
      'dl',
      { class: 'facts' },
      Object.entries(report.facts).map(([name, value]) => term(name, value)),
    ),
  );
}

// An option is not to be broken at its hyphens.
function commandWords() {
  return report.command.split(' ').flatMap((word, at) => [at === 0 ? '' : ' ', element('span', {}, word)]);
}

// Where there is no clipboard, the text is selected, ready to be copied.
async function copyText(text, shown) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    getSelection().selectAllChildren(shown);
    return false;
  }
}

function announceCopy(control, done) {
  control.textContent = done ? 'Copied' : 'Selected';
  announce(done ? 'Command copied' : 'Command selected');
  setTimeout(() => (control.textContent = 'Copy'), 2000);
}

function setPrinting(now) {
  if (printing !== now) {
    printing = now;
    drawAll();
  }
}

function watch() {
  const observer = new ResizeObserver(() => {
    if (!printing && figures.some((figure) => figure.width !== figure.scroller.clientWidth)) {
      requestAnimationFrame(drawAll);
    }
  });
  figures.forEach((figure) => observer.observe(figure.scroller));
  addEventListener('beforeprint', () => setPrinting(true));
  addEventListener('afterprint', () => setPrinting(false));
  matchMedia('print').addEventListener('change', (change) => setPrinting(change.matches));
}

function start() {
  const order = groupOrder(report);
  document
    .getElementById('report')
    .append(
      pageHeader(),
      report.verdicts.length > 0 ? verdictSection(report.verdicts) : '',
      ...report.sections.map((section, at) => sectionBlock(section, at, order)),
      repeatSection(),
      element(
        'p',
        { class: 'faint colophon' },
        'Written by entropy-lens. Charts are drawn by Apache ECharts (Apache-2.0).',
      ),
    );
  drawAll();
  watch();
}

start();
