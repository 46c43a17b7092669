/**
 * The share of Student's t distribution that lies from -t to t (Abramowitz and Stegun, "Handbook of Mathematical Functions",
 * 26.7.3 and 26.7.4).
 *
 * @param t Not below 0.
 * @param freedom Degrees of freedom; what is behind the point is left away, which makes the share smaller.
 */
export function shareWithin(t: number, freedom: number): number {
  const degrees = Math.floor(freedom);
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const isOdd = degrees % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let n = isOdd ? 3 : 2; n < degrees; n += 2) sum += term *= ((n - 1) / n) * cosine ** 2;
  sum *= Math.sin(angle);
  return isOdd ? (2 / Math.PI) * (angle + sum) : sum;
}

/** The t between whose negative and itself `share` of the distribution lies: 1.96 for 0.95 of very many degrees. */
export function boundOf(share: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (shareWithin(high, freedom) < share) high *= 2;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (shareWithin(middle, freedom) < share) low = middle;
    else high = middle;
  }
  return high;
}
