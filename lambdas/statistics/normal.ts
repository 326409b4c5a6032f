/** Quantiles of the standard normal distribution: two-sided 5 %, and a power of 80 %. */
export const z975 = 1.959963984540054;
export const z80 = 0.8416212335729143;
