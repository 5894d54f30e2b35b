/* Who asks, where the browser keeps no cookie that would say it: in another site's frame, say. */

/**
 * The headers of a request.
 * @param {string} name of the reader; empty where a cookie says it
 * @returns {Record<string, string>}
 */
export function named(name) {
  return name ? { "Lab-Name": name } : {};
}
