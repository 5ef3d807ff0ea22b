// Colour scales, interpolated here. Sequential: along viridis (van der Walt and Smith, CC0), which is
// even in lightness and read by the colour-blind. Diverging: blue, paper, orange.

const VIRIDIS = ['#440154', '#482878', '#3e4989', '#31688e', '#26828e', '#1f9e89', '#35b779', '#6ece58', '#b5de2b', '#fde725'];
const DIVERGING = {
  light: ['#08306b', '#2171b5', '#84bbde', '#f4f4f2', '#f5b26b', '#d0660c', '#7f2704'],
  dark: ['#b9dcfa', '#5aa5e0', '#2a5d8c', '#262b31', '#8a4f1c', '#e2893c', '#ffd9ad'],
};

function isDark() {
  return matchMedia('(prefers-color-scheme: dark)').matches;
}

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

// Between two colours, in linear light, so that no dark band appears between them.
function mixed(from, to, share) {
  return from.map((c, i) => Math.round(Math.sqrt(c * c + (to[i] * to[i] - c * c) * share)));
}

function along(stops, share) {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(at));
  return mixed(channels(stops[below]), channels(stops[below + 1]), at - below);
}

function css([red, green, blue]) {
  return `rgb(${red} ${green} ${blue})`;
}

// What is written on a colour.
function inkOn([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 138 ? '#101214' : '#ffffff';
}

// A scale: from a value to its share of the way, 0 to 1, and to a colour.
export class Scale {
  // kind: 'linear', 'log' or 'diverging'; least and most are the ends
  constructor(kind, least, most, reversed = false) {
    this.kind = kind;
    this.reversed = reversed;
    if (kind === 'diverging') {
      const size = Math.max(Math.abs(least), Math.abs(most)) || 1;
      this.least = -size;
      this.most = size;
    } else {
      this.least = least;
      this.most = most > least ? most : least + (Math.abs(least) || 1);
    }
    this.stops = kind === 'diverging' ? DIVERGING[isDark() ? 'dark' : 'light'] : VIRIDIS;
  }

  share(value) {
    const at =
      this.kind === 'log'
        ? Math.log(value / this.least) / Math.log(this.most / this.least)
        : (value - this.least) / (this.most - this.least);
    return Math.min(1, Math.max(0, at));
  }

  // The colour, and that of what is written on it.
  of(value) {
    const share = this.share(value);
    const colour = along(this.stops, this.reversed ? 1 - share : share);
    return { fill: css(colour), ink: inkOn(colour) };
  }

  at(share) {
    return css(along(this.stops, this.reversed ? 1 - share : share));
  }

  // A few values to write below the scale, with their shares.
  ticks() {
    if (this.kind === 'log') {
      const middle = Math.sqrt(this.least * this.most);
      return [this.least, round(middle), this.most].map((value) => ({ value, share: this.share(value) }));
    }
    const middle = (this.least + this.most) / 2;
    return [this.least, middle, this.most].map((value) => ({ value, share: this.share(value) }));
  }
}

function round(value) {
  const unit = Math.pow(10, Math.floor(Math.log10(value)));
  return Math.round(value / unit) * unit;
}
