/** Light, dark or as the system has it: the page hears of it through `prefers-color-scheme`. */
import { nativeTheme } from 'electron';
import type { SettingsView } from '../../preload/contract/shapes';

export function applyTheme(theme: SettingsView['theme']): void {
  nativeTheme.themeSource = theme;
}
