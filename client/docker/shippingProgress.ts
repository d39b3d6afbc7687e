// How far a pull or a push is, summed up over its layers: "12.0 of 34.0 MB".

export class ShippingProgress {
  readonly #layers = new Map<string, { readonly bytes: number; readonly of: number }>();

  /** Takes one event of the engine's stream. */
  take({ id, status, progressDetail }: Readonly<Record<string, unknown>>): string {
    if (typeof id === 'string' && (status === 'Downloading' || status === 'Pushing') && typeof progressDetail === 'object' && progressDetail !== null) {
      const [bytes, of] = [Number(Reflect.get(progressDetail, 'current')), Number(Reflect.get(progressDetail, 'total'))];
      // The size of what is pushed is known only about.
      if (bytes >= 0 && of > 0) this.#layers.set(id, { bytes: Math.min(bytes, of), of });
    }
    const done = typeof id === 'string' ? this.#layers.get(id) : undefined;
    if (typeof id === 'string' && done !== undefined && (status === 'Download complete' || status === 'Pushed')) this.#layers.set(id, { bytes: done.of, of: done.of });
    if (this.#layers.size === 0) return typeof status === 'string' ? status : '';
    const layers = [...this.#layers.values()];
    const megabytes = (of: 'bytes' | 'of'): string => (layers.reduce((sum, layer) => sum + layer[of], 0) / 1e6).toFixed(1);
    return `${megabytes('bytes')} of ${megabytes('of')} MB`;
  }
}
