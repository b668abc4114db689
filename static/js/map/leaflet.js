/**
 * The one door to Leaflet: only the parts that a page of ours uses, by name. The move to Leaflet 2 happens here.
 * Markers, vectors, controls and their images stay out: pins, tools and the outline map are our own.
 */
import "leaflet/src/map/handler/Map.DoubleClickZoom.js";
import "leaflet/src/map/handler/Map.Drag.js";
import "leaflet/src/map/handler/Map.Keyboard.js";
import "leaflet/src/map/handler/Map.ScrollWheelZoom.js";
import "leaflet/src/map/handler/Map.TouchZoom.js";

export { disableClickPropagation, disableScrollPropagation } from "leaflet/src/dom/DomEvent.js";
export { create, remove, removeClass, setPosition, setTransform } from "leaflet/src/dom/DomUtil.js";
export { Draggable } from "leaflet/src/dom/Draggable.js";
export { LatLng, toLatLng as latLng } from "leaflet/src/geo/LatLng.js";
export { LatLngBounds, toLatLngBounds as latLngBounds } from "leaflet/src/geo/LatLngBounds.js";
export { Point, toPoint as point } from "leaflet/src/geometry/Point.js";
export { Layer } from "leaflet/src/layer/Layer.js";
export { Popup } from "leaflet/src/layer/Popup.js";
export { GridLayer } from "leaflet/src/layer/tile/GridLayer.js";
export { TileLayer } from "leaflet/src/layer/tile/TileLayer.js";
export { Map as LeafletMap } from "leaflet/src/map/Map.js";
