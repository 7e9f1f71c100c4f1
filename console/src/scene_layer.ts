/**
 * The own canvas layer of the tracks. A vector layer of thousands of features is slow without a GPU; one canvas that is
 * drawn once per frame is not.
 */
import Layer from "ol/layer/Layer.js";
import type { FrameState } from "ol/Map.js";
import { apply, type Transform } from "ol/transform.js";
import { FONT } from "./basemap";
import type { Palette } from "./palette";
import { EMPTY, type Mark, type Scene, type Threat, type XY } from "./scene";
import { stamp } from "./symbols";

/** The speed leader shows where the object is in five minutes if it keeps on. */
const LEADER_S = 300;
const SYMBOL_PX = 22;
const PICK_PX = 18;
/** More marks than this on the screen are a crowd, unless the map is closer than CLOSE metres per pixel. */
const CROWD = 250;
const CLOSE = 250;

type Box = [number, number, number, number];

export class SceneLayer extends Layer {
  private readonly canvas = document.createElement("canvas");
  private readonly pen = this.canvas.getContext("2d")!;
  private scene: Scene = EMPTY;
  private frame: FrameState | null = null;
  private taken: Box[] = [];
  private edge: XY = [0, 0];

  constructor(private readonly palette: () => Palette) {
    super({ zIndex: 100 });
    this.canvas.className = "scene";
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.changed();
  }

  /** The mark nearest to a pixel of the map, if one is near. */
  pick(pixel: number[]): Mark | null {
    if (!this.frame) return null;
    let best: Mark | null = null;
    let nearest = PICK_PX;
    for (const mark of this.scene.marks) {
      const [x, y] = this.pixel(mark.at);
      const away = Math.hypot(x - pixel[0]!, y - pixel[1]!);
      if (away < nearest) [best, nearest] = [mark, away];
    }
    return best;
  }

  override render(frame: FrameState): HTMLElement {
    this.frame = frame;
    const ratio = frame.pixelRatio;
    const [width, height] = frame.size as [number, number];
    if (this.canvas.width !== width * ratio || this.canvas.height !== height * ratio) {
      this.canvas.width = width * ratio;
      this.canvas.height = height * ratio;
    }
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.pen.clearRect(0, 0, width, height);
    this.pen.lineJoin = this.pen.lineCap = "round";
    this.taken = [];
    this.edge = [width, height];
    const seen = this.scene.marks.filter((mark) => this.near(this.pixel(mark.at), width, height, 200) || mark.search);
    for (const threat of this.scene.threats) this.drawCorridor(threat);
    const crowded = seen.length > CROWD && frame.viewState.resolution > CLOSE;
    const quiet = (mark: Mark) => crowded && rank(mark) === 0 && mark.kind !== "truth";
    for (const mark of seen) if (!quiet(mark) || mark.search) this.drawGround(mark);
    for (const threat of this.scene.threats) this.drawStretch(threat);
    for (const mark of [...seen].sort((one, other) => rank(one) - rank(other))) {
      if (quiet(mark)) this.drawDot(mark);
      else this.drawMark(mark, ratio);
    }
    for (const mark of seen) {
      const [x, y] = this.pixel(mark.at);
      if (mark.tone !== "idle" || mark.selected) this.taken.push([x - 15, y - 13, 30, 26]);
    }
    const bySelection = [...seen].sort((one, other) => rank(other) - rank(one));
    for (const threat of this.scene.threats) this.drawThreatLabel(threat);
    for (const mark of bySelection) this.drawLabel(mark, seen.length);
    return this.canvas;
  }

  private pixel(at: XY): XY {
    return apply(this.frame!.coordinateToPixelTransform as Transform, [at[0], at[1]]) as XY;
  }

  private metres(mark: Mark, metres: number): number {
    return (metres * mark.scale) / this.frame!.viewState.resolution;
  }

  private near([x, y]: XY, width: number, height: number, margin: number): boolean {
    return x > -margin && y > -margin && x < width + margin && y < height + margin;
  }

  private path(points: readonly XY[]): void {
    this.pen.beginPath();
    for (const point of points) this.pen.lineTo(...this.pixel(point));
  }

  private ink(tone: Mark["tone"]): string {
    const palette = this.palette();
    return tone === "urgent" ? palette.urgent : tone === "act" ? palette.act : palette.idle;
  }

  /** The corridor: from the object to both ends of the stretch that holds 80 % of the crossings. */
  private drawCorridor(threat: Threat): void {
    this.path([threat.from, ...threat.stretch]);
    this.pen.closePath();
    this.pen.globalAlpha = threat.selected ? 0.22 : 0.1;
    this.pen.fillStyle = this.ink(threat.tone);
    this.pen.fill();
    this.pen.globalAlpha = 1;
  }

  private drawStretch(threat: Threat): void {
    const width = 4 + 7 * threat.probability;
    for (const [color, extra] of [
      [this.palette().borderCase, 4],
      [this.ink(threat.tone), 0],
    ] as const) {
      this.path(threat.stretch);
      this.pen.lineWidth = width + extra;
      this.pen.strokeStyle = color;
      this.pen.stroke();
    }
  }

  private drawGround(mark: Mark): void {
    const palette = this.palette();
    const pen = this.pen;
    if (mark.search) {
      const [x, y] = this.pixel(mark.search.at);
      const radius = this.metres(mark, mark.search.radius_m);
      pen.beginPath();
      pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.globalAlpha = 0.1;
      pen.fillStyle = palette.search;
      pen.fill();
      pen.globalAlpha = 1;
      this.dashed(palette.search, 1.8, [7, 5]);
    }
    if (mark.trail.length > 1) {
      this.path([...mark.trail, mark.at]);
      pen.globalAlpha = 0.75;
      pen.lineWidth = mark.selected ? 2.4 : 1.5;
      pen.strokeStyle = mark.kind === "truth" ? palette.truth : palette.trail;
      pen.stroke();
      pen.globalAlpha = 1;
    }
    if (mark.ellipse && mark.life !== "lost") {
      const [x, y] = this.pixel(mark.at);
      const [major, minor] = [this.metres(mark, mark.ellipse.major_m), this.metres(mark, mark.ellipse.minor_m)];
      if (major > 6 && major < 4000) {
        pen.beginPath();
        pen.ellipse(x, y, major, minor, ((mark.ellipse.bearing_deg - 90) * Math.PI) / 180, 0, 2 * Math.PI);
        this.dashed(palette.ellipse, 1, [2, 3]);
      }
    }
  }

  private dashed(color: string, width: number, dash: number[]): void {
    this.pen.setLineDash(dash);
    this.pen.lineWidth = width;
    this.pen.strokeStyle = color;
    this.pen.stroke();
    this.pen.setLineDash([]);
  }

  private drawMark(mark: Mark, ratio: number): void {
    const pen = this.pen;
    const palette = this.palette();
    const [x, y] = this.pixel(mark.at);
    if (mark.course_deg !== null && mark.life !== "lost") {
      const along = this.metres(mark, mark.speed_mps * LEADER_S);
      const turn = (mark.course_deg * Math.PI) / 180;
      pen.beginPath();
      pen.moveTo(x, y);
      pen.lineTo(x + along * Math.sin(turn), y - along * Math.cos(turn));
      pen.lineWidth = 2;
      pen.strokeStyle = mark.kind === "truth" ? palette.truth : this.ink(mark.tone);
      pen.stroke();
    }
    if (mark.kind === "truth") return this.drawTruth(x, y);
    const image = stamp(mark.status, this.ink(mark.tone), palette.frame, SYMBOL_PX, ratio);
    pen.globalAlpha = mark.life === "live" ? 1 : 0.55;
    pen.drawImage(image.image, x - image.anchor_x, y - image.anchor_y, image.width, image.height);
    pen.globalAlpha = 1;
    this.drawOutline(mark, x, y);
  }

  /** In a crowd, what asks for no act is a dot: the few that do must not drown. */
  private drawDot(mark: Mark): void {
    const [x, y] = this.pixel(mark.at);
    this.pen.fillStyle = this.palette().idle;
    this.pen.fillRect(x - 2.5, y - 2.5, 5, 5);
  }

  private drawTruth(x: number, y: number): void {
    const pen = this.pen;
    pen.beginPath();
    for (const [dx, dy] of [[0, -7], [7, 0], [0, 7], [-7, 0]] as const) pen.lineTo(x + dx, y + dy);
    pen.closePath();
    pen.fillStyle = this.palette().truth;
    pen.fill();
    pen.lineWidth = 1.5;
    pen.strokeStyle = this.palette().borderCase;
    pen.stroke();
  }

  /** Own: none. Received: one dashed ring. Fused: two rings. Selected: corner marks. */
  private drawOutline(mark: Mark, x: number, y: number): void {
    const palette = this.palette();
    const ring = (radius: number) => {
      this.pen.beginPath();
      this.pen.arc(x, y, radius, 0, 2 * Math.PI);
    };
    if (mark.kind === "received") {
      ring(18);
      this.dashed(palette.received, 2, [5, 4]);
    } else if (mark.kind === "fused") {
      for (const radius of [17, 20.5]) {
        ring(radius);
        this.dashed(palette.fused, 1.6, []);
      }
    }
    if (!mark.selected) return;
    const [far, arm] = [25, 9];
    this.pen.beginPath();
    for (const [sx, sy] of [[1, 1], [1, -1], [-1, 1], [-1, -1]] as const) {
      this.pen.moveTo(x + sx * far, y + sy * (far - arm));
      this.pen.lineTo(x + sx * far, y + sy * far);
      this.pen.lineTo(x + sx * (far - arm), y + sy * far);
    }
    this.dashed(palette.ink, 2.4, []);
  }

  private drawThreatLabel(threat: Threat): void {
    const middle = threat.stretch[Math.floor(threat.stretch.length / 2)];
    if (!middle) return;
    const [x, y] = this.pixel(middle);
    this.put([threat.label], x, y, 16, this.ink(threat.tone), threat.selected ? "700 14px" : "600 13px", true);
  }

  private drawLabel(mark: Mark, crowd: number): void {
    const close = this.frame!.viewState.resolution < CLOSE;
    if (!mark.selected && mark.tone === "idle" && crowd > 60 && !close) return;
    const [x, y] = this.pixel(mark.at);
    const lines = mark.detail && (mark.selected || mark.tone !== "idle" || close) ? [mark.label, mark.detail] : [mark.label];
    this.put(lines, x, y, 24, this.palette().ink, mark.selected ? "600 12.5px" : "500 12px", mark.selected);
  }

  /** Writes lines beside a point, at the first of eight places that is free; not at all if none is. */
  private put(lines: string[], x: number, y: number, gap: number, color: string, font: string, always: boolean): void {
    const pen = this.pen;
    pen.font = `${font} ${FONT}`;
    const width = Math.max(...lines.map((line) => pen.measureText(line).width));
    const height = lines.length * 15;
    const places: XY[] = [
      [x + gap, y - height / 2],
      [x - gap - width, y - height / 2],
      [x - width / 2, y - gap - height],
      [x - width / 2, y + gap],
      [x + gap * 0.7, y + gap],
      [x + gap * 0.7, y - gap - height],
      [x - gap * 0.7 - width, y + gap],
      [x - gap * 0.7 - width, y - gap - height],
    ];
    const inside = ([left, top]: XY) => left > 2 && top > 2 && left + width < this.edge[0] && top + height < this.edge[1];
    const clear = ([left, top]: XY) => !this.taken.some((box) => overlaps(box, [left, top, width, height]));
    const spot = places.find((spot) => inside(spot) && clear(spot)) ?? (always ? (places.find(inside) ?? places[0]) : places.find(clear));
    if (!spot) return;
    this.taken.push([spot[0], spot[1], width, height]);
    pen.lineWidth = 3.5;
    pen.strokeStyle = this.palette().halo;
    pen.fillStyle = color;
    lines.forEach((line, row) => {
      pen.strokeText(line, spot[0], spot[1] + 12 + row * 15);
      pen.fillText(line, spot[0], spot[1] + 12 + row * 15);
    });
  }
}

const rank = (mark: Mark): number =>
  (mark.selected ? 4 : 0) + (mark.tone === "urgent" ? 2 : mark.tone === "act" ? 1 : 0);

const overlaps = (one: Box, other: Box): boolean =>
  one[0] < other[0] + other[2] && other[0] < one[0] + one[2] && one[1] < other[1] + other[3] && other[1] < one[1] + one[3];
