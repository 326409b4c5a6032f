/** Room for the values of a number of orders, one column per value. */
export const newOrderColumns = (room: number) => ({
  record: new Int32Array(room),
  /** First record of the version that counts: lines before it belong to an older one. */
  since: new Int32Array(room),
  rows: new Int32Array(room),
  flags: new Uint8Array(room),
  status: new Int8Array(room),
  consent: new Int8Array(room),
  customer: new Int32Array(room),
  email: new Int32Array(room),
  phone: new Int32Array(room),
  firstName: new Int32Array(room),
  lastName: new Int32Array(room),
  country: new Int32Array(room),
  channel: new Int32Array(room),
  currency: new Int32Array(room),
  refundedOn: new Int32Array(room),
  cancelledOn: new Int32Array(room),
  birthday: new Int32Array(room),
  orderedAt: new BigInt64Array(room),
  updatedAt: new BigInt64Array(room),
  total: new BigInt64Array(room),
  refunded: new BigInt64Array(room),
  discount: new BigInt64Array(room),
});
export type OrderColumns = ReturnType<typeof newOrderColumns>;
