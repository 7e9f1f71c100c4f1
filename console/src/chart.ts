/** One map on the page: base map, districts at risk, and the scene of tracks. */
import OlMap from "ol/Map.js";
import View from "ol/View.js";
import Attribution from "ol/control/Attribution.js";
import ScaleLine from "ol/control/ScaleLine.js";
import { defaults as interactions } from "ol/interaction/defaults.js";
import type VectorTileLayer from "ol/layer/VectorTile.js";
import { boundingExtent } from "ol/extent.js";
import { transformExtent } from "ol/proj.js";
import { basemapLayer, basemapSource, districtLayer, restyle, type Risk } from "./basemap";
import type { Palette } from "./palette";
import { SceneLayer } from "./scene_layer";
import type { Scene, XY } from "./scene";

/** Where a party's map begins: west, south, east, north in degrees. */
const HOME: Readonly<Record<string, [number, number, number, number]>> = {
  LT: [21.8, 53.5, 28.6, 56.6],
  LV: [21.5, 55.3, 29.8, 58.2],
  EE: [22.4, 57.0, 29.6, 60.0],
  PL: [18.2, 49.6, 25.6, 54.9],
  BY: [21.8, 51.0, 30.8, 56.5],
};
const REGION: [number, number, number, number] = [17, 50, 31, 59.5];

/** A view that several maps may share: they then move as one. */
export function sharedView(party: string): View {
  const view = new View({
    extent: transformExtent([8, 46, 38, 63], "EPSG:4326", "EPSG:3857"),
    minZoom: 4,
    maxZoom: 13,
    enableRotation: false,
    constrainResolution: false,
  });
  const home = transformExtent(HOME[party] ?? REGION, "EPSG:4326", "EPSG:3857");
  view.setCenter([(home[0]! + home[2]!) / 2, (home[1]! + home[3]!) / 2]);
  view.setResolution(Math.max((home[2]! - home[0]!) / 900, (home[3]! - home[1]!) / 760));
  return view;
}

export class Chart {
  readonly map: OlMap;
  private readonly scenes: SceneLayer;
  private readonly base: VectorTileLayer;
  private readonly districts: VectorTileLayer;
  private risks: ReadonlyMap<string, Risk> = new Map();
  private risksKey = "";

  constructor(
    target: HTMLElement,
    view: View,
    private readonly party: string,
    private palette: Palette,
    picked: (id: string | null) => void,
  ) {
    const source = basemapSource();
    this.base = basemapLayer(source, party, palette);
    this.districts = districtLayer(source, () => this.risks, () => this.palette);
    this.scenes = new SceneLayer(() => this.palette);
    this.map = new OlMap({
      target,
      view,
      layers: [this.base, this.districts, this.scenes],
      controls: [new Attribution({ collapsible: true, collapsed: true }), new ScaleLine()],
      interactions: interactions({ altShiftDragRotate: false, pinchRotate: false }),
    });
    this.map.on("click", (event) => picked(this.scenes.pick(event.pixel)?.id ?? null));
    this.map.on("pointermove", (event) => {
      if (!event.dragging) target.classList.toggle("over-track", this.scenes.pick(event.pixel) !== null);
    });
    new ResizeObserver(() => this.map.updateSize()).observe(target);
  }

  show(scene: Scene): void {
    this.scenes.show(scene);
  }

  showRisks(risks: ReadonlyMap<string, Risk>): void {
    const key = JSON.stringify([...risks].map(([id, { probability, level }]) => [id, Math.floor(probability * 5), level]));
    if (key === this.risksKey) return;
    this.risksKey = key;
    this.risks = risks;
    this.districts.changed();
  }

  recolor(palette: Palette): void {
    if (palette === this.palette) return;
    this.palette = palette;
    restyle(this.base, this.party, palette);
    this.districts.changed();
    this.scenes.changed();
  }

  fit(points: XY[]): void {
    this.map.updateSize();
    const size = this.map.getSize();
    if (!points.length || !size) return;
    const margin = Math.min(90, size[0]! / 6, size[1]! / 6);
    const padding = [margin, margin, margin, margin];
    this.map.getView().fit(boundingExtent(points), { size, padding, maxZoom: 9.5, duration: 0 });
  }
}
