// Layers of images, as digests, the lowest first: what two images have in common.

/** The longest beginning of `layers` that one of the others begins with, too. */
export function sharedLayers(layers: readonly string[], others: readonly (readonly string[])[]): readonly string[] {
  const lengths = others.map((other) => {
    const end = layers.findIndex((layer, index) => other[index] !== layer);
    return end < 0 ? layers.length : end;
  });
  return layers.slice(0, Math.max(0, ...lengths));
}
