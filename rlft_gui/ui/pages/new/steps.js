// The wizard's steps: their numbers, names and addresses.
import {address} from '../../components/address.js';

export const MODEL = 1;
export const METHOD = 2;
export const DATA = 3;
export const SETTINGS = 4;

const NAMES = ['', 'Model', 'Method', 'Data', 'Settings'];

/** @param {number} step */
export const stepName = step => NAMES[step];
/** @param {number} step */
export const stepAddress = step => address('/new', {step});
