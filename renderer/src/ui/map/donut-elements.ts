import { donutPieces, donutRadius, shortCount } from './donut.ts';

/** A cluster as a donut marker shows it. */
export interface DonutCluster {
  readonly id: string;
  readonly lat: number;
  readonly lon: number;
  readonly label: string;
  /** Vehicles per status, in the order of the style table. */
  readonly counts: readonly number[];
}

const SVG = 'http://www.w3.org/2000/svg';

/** A donut's button; what it shows is changed in place and only where it differs. */
export class DonutElement {
  readonly button: HTMLButtonElement = document.createElement('button');
  radius = 0;
  #svg = document.createElementNS(SVG, 'svg');
  #plate = document.createElementNS(SVG, 'circle');
  #ring = document.createElementNS(SVG, 'g');
  #count = document.createElementNS(SVG, 'text');
  #label = document.createElement('span');
  #shown = '';

  constructor() {
    this.button.type = 'button';
    this.button.className = 'cc-donut';
    this.#plate.classList.add('cc-donut__plate');
    this.#count.classList.add('cc-donut__count');
    this.#label.className = 'cc-donut__label';
    this.#svg.setAttribute('aria-hidden', 'true');
    this.#label.setAttribute('aria-hidden', 'true');
    this.#svg.append(this.#plate, this.#ring, this.#count);
    // The name is placed below by style, and stands first as in the accessible name.
    this.button.append(this.#label, ' ', this.#svg);
  }

  /** Shows a cluster. `name` is the accessible name, `colours` are per status, `labelled` shows the place's name below. */
  show(cluster: DonutCluster, name: string, colours: readonly string[], labelled: boolean): void {
    const shown = `${cluster.counts.join()}|${cluster.label}|${colours.join()}|${String(labelled)}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    const total = cluster.counts.reduce((sum, count) => sum + count, 0);
    const radius = donutRadius(total);
    const width = radius >= 24 ? 5.5 : 4.5;
    const text = shortCount(total);
    this.radius = radius;
    this.button.setAttribute('aria-label', name);
    this.button.title = name;
    const size = 2 * radius + 2;
    this.#svg.setAttribute('width', String(size));
    this.#svg.setAttribute('height', String(size));
    this.#svg.setAttribute('viewBox', `${-radius - 1} ${-radius - 1} ${size} ${size}`);
    this.#plate.setAttribute('r', String(radius));
    this.#ring.replaceChildren(...donutPieces(cluster.counts, radius - 1.5, radius - 1.5 - width).map(({ path, status }) => {
      const piece = document.createElementNS(SVG, 'path');
      piece.setAttribute('d', path);
      piece.setAttribute('fill', colours[status] ?? 'currentColor');
      return piece;
    }));
    this.#count.textContent = text;
    this.#count.setAttribute('y', '4');
    this.#count.setAttribute('font-size', text.length > 4 ? '10.5' : radius >= 24 ? '13' : '11.5');
    this.#label.textContent = labelled ? cluster.label : '';
  }

  /** Puts the donut's centre at a point of the map, CSS pixels. */
  place(x: number, y: number): void {
    const edge = this.radius + 1;
    this.button.style.transform = `translate(${Math.round(x - edge)}px, ${Math.round(y - edge)}px)`;
  }
}
