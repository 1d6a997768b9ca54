/** Close codes that a server may send (RFC 6455 §7.4 and IANA's registry). */
export const closeCodes: readonly number[] = [
  1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999,
];
