// Leaflet's own source modules, imported one by one so that what no page uses is not sent. Types come from @types/leaflet.
declare module "leaflet/src/map/Map.js" {
  export { Map } from "leaflet";
}
declare module "leaflet/src/layer/Layer.js" {
  export { Layer } from "leaflet";
}
declare module "leaflet/src/layer/tile/GridLayer.js" {
  export { GridLayer } from "leaflet";
}
declare module "leaflet/src/layer/tile/TileLayer.js" {
  export { TileLayer } from "leaflet";
}
declare module "leaflet/src/layer/Popup.js" {
  export { Popup } from "leaflet";
}
declare module "leaflet/src/geo/LatLng.js" {
  export { LatLng, latLng as toLatLng } from "leaflet";
}
declare module "leaflet/src/geo/LatLngBounds.js" {
  export { LatLngBounds, latLngBounds as toLatLngBounds } from "leaflet";
}
declare module "leaflet/src/geometry/Point.js" {
  export { Point, point as toPoint } from "leaflet";
}
declare module "leaflet/src/dom/Draggable.js" {
  export { Draggable } from "leaflet";
}
declare module "leaflet/src/dom/DomUtil.js" {
  import { DomUtil } from "leaflet";
  export const setPosition: typeof DomUtil.setPosition;
  export const setTransform: typeof DomUtil.setTransform;
  export const getPosition: typeof DomUtil.getPosition;
  export const create: typeof DomUtil.create;
  export const remove: typeof DomUtil.remove;
  export const removeClass: typeof DomUtil.removeClass;
}
declare module "leaflet/src/dom/DomEvent.js" {
  import { DomEvent } from "leaflet";
  export const disableClickPropagation: typeof DomEvent.disableClickPropagation;
  export const disableScrollPropagation: typeof DomEvent.disableScrollPropagation;
}
declare module "leaflet/src/core/Browser.js" {
  const Browser: { any3d: boolean; retina: boolean };
  export default Browser;
}
declare module "leaflet/src/map/handler/*";
