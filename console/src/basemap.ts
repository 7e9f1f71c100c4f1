/** The offline base map: land, water, districts, borders and places out of one PMTiles file. */
import { PMTilesVectorSource } from "ol-pmtiles";
import VectorTileLayer from "ol/layer/VectorTile.js";
import type { FeatureLike } from "ol/Feature.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import type { Palette } from "./palette";

export const FONT = '"Noto Sans", "Liberation Sans", sans-serif';
const ATTRIBUTION =
  "© OpenStreetMap contributors (ODbL); GeoNames (CC BY 4.0); Estonian Land Board 2018; GUGiK (PRG); Natural Earth";

export interface Risk {
  probability: number;
  /** A warning stands for this district: possible, shelter or all-clear. */
  level: string | null;
}

export function basemapSource(): PMTilesVectorSource {
  return new PMTilesVectorSource({ url: "/basemap.pmtiles", attributions: [ATTRIBUTION], tileSize: [256, 256] });
}

export function basemapLayer(source: PMTilesVectorSource, party: string, palette: Palette): VectorTileLayer {
  const layer = new VectorTileLayer({ source, declutter: true, renderMode: "hybrid", background: palette.sea });
  restyle(layer, party, palette);
  return layer;
}

export function restyle(layer: VectorTileLayer, party: string, palette: Palette): void {
  layer.setBackground(palette.sea);
  const fill = (color: string, zIndex: number) => new Style({ fill: new Fill({ color }), zIndex });
  const land = fill(palette.land, 1);
  const own = fill(palette.own, 1);
  const water = fill(palette.water, 2);
  const district = new Style({ stroke: new Stroke({ color: palette.district, width: 0.8 }), zIndex: 3 });
  const line = (color: string, width: number, sea: boolean) =>
    new Stroke(sea ? { color, width, lineDash: [6, 5] } : { color, width });
  const border = (mine: boolean, sea: boolean): Style[] => [
    new Style({ stroke: line(palette.borderCase, mine ? 5 : 3, false), zIndex: 4 }),
    new Style({ stroke: line(mine ? palette.ownBorder : palette.border, mine ? 2.2 : 1.3, sea), zIndex: 5 }),
  ];
  const borders = { true: [border(true, false), border(true, true)], false: [border(false, false), border(false, true)] };
  const labels = new Map<string, Style>();
  layer.setStyle((feature: FeatureLike, resolution: number) => {
    switch (feature.get("layer")) {
      case "land":
        return feature.get("id") === party ? own : land;
      case "water":
        return water;
      case "districts":
        return resolution < 700 ? district : undefined;
      case "borders": {
        const mine = feature.get("a") === party || feature.get("b") === party;
        return borders[mine ? "true" : "false"][feature.get("kind") === "sea" ? 1 : 0];
      }
      case "places":
        return placeStyle(feature, resolution, palette, labels);
      default:
        return undefined;
    }
  });
}

function placeStyle(
  feature: FeatureLike,
  resolution: number,
  palette: Palette,
  labels: Map<string, Style>,
): Style | undefined {
  const population = Number(feature.get("pop"));
  if (population < resolution * (resolution > 400 ? 50 : 25)) return undefined;
  const name = String(feature.get("name"));
  let style = labels.get(name);
  if (!style) {
    style = new Style({
      text: new Text({
        text: name,
        font: `${population > 200_000 ? "600 12px" : "11px"} ${FONT}`,
        fill: new Fill({ color: palette.place }),
        stroke: new Stroke({ color: palette.halo, width: 3 }),
      }),
      zIndex: 10 + Math.log10(population),
    });
    labels.set(name, style);
  }
  return style;
}

/** Districts in a forecast's path: the likelier, the denser; a warned one has a heavy edge. */
export function districtLayer(
  source: PMTilesVectorSource,
  risks: () => ReadonlyMap<string, Risk>,
  palette: () => Palette,
): VectorTileLayer {
  const styles = new Map<string, Style>();
  return new VectorTileLayer({
    source,
    renderMode: "hybrid",
    style: (feature) => {
      if (feature.get("layer") !== "districts") return undefined;
      const risk = risks().get(String(feature.get("id")));
      if (!risk) return undefined;
      const colors = palette();
      const step = Math.min(4, Math.floor(risk.probability * 5));
      const key = `${colors.sea} ${step} ${risk.level}`;
      let style = styles.get(key);
      if (!style) {
        const alpha = ["0d", "15", "1f", "2a", "36"][step];
        const heavy = risk.level === "shelter" || risk.level === "possible";
        style = new Style({
          fill: new Fill({ color: colors.act + alpha }),
          stroke: new Stroke(
            heavy ? { color: colors.act, width: 2.5 } : { color: colors.act, width: 1.2, lineDash: [3, 3] },
          ),
        });
        styles.set(key, style);
      }
      return style;
    },
  });
}
