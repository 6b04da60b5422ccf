interface Base {
  name: string;
  title: string;
  help: string;
  advanced: boolean;
  locked: boolean;
}
export interface NumberField extends Base {
  kind: 'number' | 'whole number';
  value: number | string;
}
export interface TextField extends Base {
  kind: 'text';
  value: string;
}
export interface ChoiceField extends Base {
  kind: 'choice';
  value: string | number | boolean | null;
  offers: [string | number | boolean | null, string][];
}
export interface SwitchField extends Base {
  kind: 'switch';
  value: boolean;
}
export interface RewardsField extends Base {
  kind: 'rewards';
  value: string;
}
export interface JudgeField extends Base {
  kind: 'judge';
  value: string;
  offers: [string, string, boolean][];
}
export interface RewardModelField extends Base {
  kind: 'reward_model';
  value: string;
  offers: [string, string][];
}
export interface DocumentOffer {
  name: string;
  title: string;
  about: string;
  text: string;
}
export interface DocumentField extends Base {
  kind: 'rubric' | 'constitution';
  value: string;
  offers: DocumentOffer[];
}
export type FormField =
  | NumberField
  | TextField
  | ChoiceField
  | SwitchField
  | RewardsField
  | JudgeField
  | RewardModelField
  | DocumentField;
